import type { Prompt, Template } from '../../components/component.ts'
import { McpError } from '../../protocol/errors.ts'
import type { CompletionReference } from '../../protocol/methods.ts'
import type { Operation } from './operation.ts'

/** Completes an argument of a prompt or a variable of a template. */
export const complete: Operation<'completion/complete'> = async ({ params, context }, { provider }) => {
  const { ref, argument } = params
  const found: Prompt | Template | undefined =
    ref.type === 'ref/prompt'
      ? await provider.find('prompt', ref.name, context)
      : await provider.find('template', ref.uri, context)
  if (found === undefined) throw new McpError('INVALID_PARAMS', `Unknown ${words(ref)}`)
  return found.complete({ ...argument, others: params.context?.arguments ?? {} }, context)
}

function words(ref: CompletionReference): string {
  return ref.type === 'ref/prompt' ? `prompt: ${ref.name.slice(0, 100)}` : `resource template: ${ref.uri.slice(0, 200)}`
}
