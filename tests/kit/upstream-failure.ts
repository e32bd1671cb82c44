import { UpstreamError } from '../../src/upstream/upstream-error.ts'

/** The error of a request that must fail. */
export async function failureOf(work: Promise<unknown>): Promise<UpstreamError> {
  const problem = await work.then(
    () => new Error('It succeeded'),
    (caught: unknown) => caught,
  )
  if (problem instanceof UpstreamError) return problem
  throw problem
}

/** All words that an error could show to anybody, its stack and causes too. */
export function everythingIn({ message, details, stack, cause }: Error & { readonly details?: unknown }): string {
  const inner = cause instanceof Error ? `${cause.message} ${cause.stack}` : String(cause)
  return JSON.stringify({ message, details, stack, inner })
}
