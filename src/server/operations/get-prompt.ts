import type { Prompt } from '../../components/component.ts'
import { McpError } from '../../protocol/errors.ts'
import type { Operation } from './operation.ts'

const NO_ARGUMENTS: Readonly<Record<string, string>> = Object.freeze({})

/** Finds the prompt and fills it in. */
export const getPrompt: Operation<'prompts/get'> = (call, { provider }) => {
  const { name, arguments: args = NO_ARGUMENTS } = call.params
  const found = provider.find('prompt', name, call.context)
  return found instanceof Promise
    ? found.then((prompt) => known(prompt, name).get(args, call.context))
    : known(found, name).get(args, call.context)
}

function known(prompt: Prompt | undefined, name: string): Prompt {
  if (prompt === undefined) throw new McpError('INVALID_PARAMS', `Unknown prompt: ${name.slice(0, 100)}`)
  return prompt
}
