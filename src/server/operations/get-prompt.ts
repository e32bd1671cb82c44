import type { Prompt } from '../../components/component.ts'
import type { Awaitable, Call } from '../../engine/call.ts'
import type { GetPromptResult } from '../../protocol/methods.ts'
import type { Operation, Serving } from './operation.ts'
import { refuseUnknown } from './refuse-unknown.ts'

const NO_ARGUMENTS: Readonly<Record<string, string>> = Object.freeze({})

/** Finds the prompt and fills it in. */
export const getPrompt: Operation<'prompts/get'> = (call, serving) => {
  const found = serving.provider.find('prompt', call.params.name, call.context)
  return found instanceof Promise ? found.then((prompt) => fill(prompt, call, serving)) : fill(found, call, serving)
}

function fill(prompt: Prompt | undefined, call: Call<'prompts/get'>, serving: Serving): Awaitable<GetPromptResult> {
  const { name, arguments: args = NO_ARGUMENTS } = call.params
  if (prompt !== undefined) return prompt.get(args, call.context)
  return refuseUnknown({ kinds: ['prompt'], words: 'Unknown prompt', id: name }, call, serving)
}
