import { ToolError } from '../protocol/errors.ts'
import type { Awaitable } from '../schema/awaitable.ts'
import { unlessAborted } from './abort.ts'
import { checkNumber, LONGEST_TIMER } from './setting.ts'

/** What ends work before its time is over. */
export interface TimeoutOptions {
  readonly signal?: AbortSignal | undefined
}

/**
 * Gives work so many milliseconds. When they are over its signal aborts and a `ToolError` with code `TIMEOUT`
 * is thrown, at once: work that does not listen to the signal goes on unseen.
 *
 * @example
 * const page = await timeout((signal) => fetch(url, { signal }), 5_000, { signal: ctx.signal })
 */
export async function timeout<T>(
  work: (signal: AbortSignal) => Awaitable<T>,
  ms: number,
  { signal }: TimeoutOptions = {},
): Promise<T> {
  checkNumber('timeout: ms', ms, { least: 1, most: LONGEST_TIMER })
  signal?.throwIfAborted()
  const abort = new AbortController()
  const follow = (): void => abort.abort(signal?.reason)
  signal?.addEventListener('abort', follow, { once: true })
  const timer = setTimeout(() => abort.abort(new ToolError('TIMEOUT', `Not done within ${ms} ms`)), ms)
  try {
    return await unlessAborted(() => work(abort.signal), abort.signal)
  } finally {
    clearTimeout(timer)
    signal?.removeEventListener('abort', follow)
  }
}
