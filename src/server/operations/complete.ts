import type { Prompt, Template } from '../../components/component.ts'
import type { Operation } from './operation.ts'
import { refuseUnknown } from './refuse-unknown.ts'

/** Completes an argument of a prompt or a variable of a template. */
export const complete: Operation<'completion/complete'> = async (call, serving) => {
  const { provider } = serving
  const { params, context } = call
  const { ref, argument } = params
  const [kind, id, words] =
    ref.type === 'ref/prompt'
      ? (['prompt', ref.name, 'Unknown prompt'] as const)
      : (['template', ref.uri, 'Unknown resource template'] as const)
  const found: Prompt | Template | undefined = await provider.find(kind, id, context)
  if (found === undefined) return refuseUnknown({ kinds: [kind], words, id }, call, serving)
  return found.complete({ ...argument, others: params.context?.arguments ?? {} }, context)
}
