import type { Context } from '../engine/context.ts'
import type { TemplateDefinition } from '../protocol/definitions.ts'
import { DefinitionError } from '../protocol/errors.ts'
import { resourceNotFound } from '../protocol/resource-not-found.ts'
import { objectRoot } from '../schema/root.ts'
import type { AnySchema, CompiledSchema } from '../schema/schema.ts'
import { prepareCompletion } from './completion.ts'
import type { Template } from './component.ts'
import { definedBy, prepareInput } from './input.ts'
import { membersOf } from './members.ts'
import { freezeTags, frozenCopy, versionMember } from './metadata.ts'
import { createRead, keepFrom, type Readable, showReadable } from './readable.ts'
import { compileTemplate } from './uri-template.ts'

/** Makes a family of resources from a URI with variables. */
export function defineTemplate(readable: Readable): Template {
  const { uri: uriTemplate, options, limit } = readable
  const { label } = limit
  if (options.size !== undefined) throw new DefinitionError(label, 'a template has no size; leave it out')
  const { variables, match } = compileTemplate(uriTemplate, options)
  checkKnown(label, 'unscreened', options.unscreened ?? [], variables)
  const read = createRead(readable, prepareParams(label, options.input, variables))
  const definition: TemplateDefinition = { uriTemplate, ...showReadable(label, uriTemplate, options) }

  return Object.freeze({
    kind: 'template',
    id: uriTemplate,
    definition: frozenCopy(label, definition),
    tags: freezeTags(label, options.tags),
    ...versionMember(label, options.version),
    ...keepFrom(label, options),
    matches: (uri: string) => match(uri) !== undefined,
    read: (uri: string, context: Context) => {
      const params = match(uri)
      if (params === undefined) throw resourceNotFound(uri)
      return read(params, context, uri)
    },
    complete: prepareCompletion(options.complete, variables, limit),
  })
}

/** Without `input` every value of a variable is fine. */
const ANY_PARAMS: CompiledSchema = { json: { type: 'object' }, check: (value) => ({ ok: true, value }) }

function prepareParams(label: string, schema: AnySchema | undefined, variables: readonly string[]): CompiledSchema {
  if (schema === undefined) return ANY_PARAMS
  const input = prepareInput(label, schema, { fromText: true })
  const json = definedBy(label, 'input', () => objectRoot(input.json))
  checkKnown(label, 'input', [...membersOf(json).keys()], variables)
  return input
}

function checkKnown(label: string, option: string, names: readonly string[], variables: readonly string[]): void {
  const stray = names.find((name) => !variables.includes(name))
  if (stray === undefined) return
  throw new DefinitionError(
    label,
    `${option}: "${stray}" is not a variable of the URI; there are ${variables.join(', ')}`,
  )
}
