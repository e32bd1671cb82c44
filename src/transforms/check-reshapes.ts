import { checkKeys } from '../components/check-keys.ts'
import { DefinitionError } from '../protocol/errors.ts'

const WHOLE = ['tools', 'includeTags', 'excludeTags']
const OF_TOOL = ['name', 'title', 'description', 'tags', 'meta', 'enabled', 'arguments']
const OF_ARGUMENT = ['name', 'description', 'default', 'hide', 'required', 'examples']

/**
 * Throws `DefinitionError` for what a config can only have got wrong. A key that nobody knows would leave a tool in sight that
 * was meant to be taken out.
 */
export function checkReshapes(reshapes: unknown): void {
  const { tools = {}, includeTags, excludeTags } = checkKeys('tools', reshapes, WHOLE)
  checkTags('includeTags', includeTags)
  checkTags('excludeTags', excludeTags)
  for (const [name, reshape] of Object.entries(checkKeys('tools', tools))) {
    const label = `tool "${name}"`
    const { enabled, tags, arguments: args = {} } = checkKeys(label, reshape, OF_TOOL)
    if (enabled !== undefined && typeof enabled !== 'boolean')
      throw new DefinitionError(label, 'enabled is true or false')
    checkTags(`tags of ${label}`, tags)
    for (const [argument, change] of Object.entries(checkKeys(label, args))) {
      checkKeys(`${label}, argument "${argument}"`, change, OF_ARGUMENT)
    }
  }
}

function checkTags(label: string, tags: unknown): void {
  if (tags === undefined || (Array.isArray(tags) && tags.every((tag) => typeof tag === 'string'))) return
  throw new DefinitionError(label, 'give a list of texts')
}
