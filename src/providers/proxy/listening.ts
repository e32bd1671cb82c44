import { type Client, ClientError, type Change as Heard, type ListenFilter, ServerError } from '../../client/index.ts'
import type { Stop } from '../../engine/application.ts'
import { pauseAfter } from './pool.ts'
import type { Found } from './session.ts'

/** Where changes are heard, and who hears of them. */
export interface Listening {
  session(): Found
  /** Whether the connection is kept for it, and another one opened when it has ended. Left out, it is. */
  readonly isKept?: boolean
  /** What to hear of, of what a server has. */
  filter(client: Client): ListenFilter
  /** Without a change: there may have been any. */
  hear(change?: Heard): void
  report(problem: Error): void
}

/**
 * Hears of changes until stopped: over another connection when the first has ended, and then as if there had been a change,
 * for there may have been one. Resolves once the server has agreed or refused. Never rejects.
 */
export async function keepListening({ session, isKept = true, filter, hear, report }: Listening): Promise<Stop> {
  const ended = new AbortController()
  let end: Stop = () => undefined
  let failures = 0

  const listen = async (): Promise<Client> => {
    const found = session()
    const { client, hold } = found instanceof Promise ? await found : found
    const release = isKept ? hold() : () => undefined
    try {
      const subscription = await client.listen(filter(client), hear, { signal: ended.signal })
      end = () => {
        release()
        void subscription.close().catch(() => undefined)
      }
    } catch (problem) {
      release()
      throw problem
    }
    if (ended.signal.aborted) end()
    return client
  }
  /** Whether there is anything to hear now. */
  const begin = async (): Promise<boolean> => {
    try {
      const client = await listen()
      failures = 0
      if (isKept) void client.closed.then(again)
      return true
    } catch (problem) {
      if (ended.signal.aborted) return false
      if (isRefusal(problem)) report(problem)
      else if (isKept) void again()
      return false
    }
  }
  const again = async (): Promise<void> => {
    end()
    end = () => undefined
    if (!ended.signal.aborted) await pause(pauseAfter(failures++), ended.signal)
    if (!ended.signal.aborted && (await begin())) hear()
  }

  await begin()
  return () => {
    ended.abort(new Error('Nobody listens any more'))
    end()
  }
}

/** The server has answered, and will do so again. */
function isRefusal(problem: unknown): problem is Error {
  return problem instanceof ServerError || (problem instanceof ClientError && problem.code === 'NOT_SUPPORTED')
}

function pause(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const done = (): void => {
      clearTimeout(timer)
      signal.removeEventListener('abort', done)
      resolve()
    }
    const timer = setTimeout(done, ms)
    if (typeof timer === 'object') timer.unref?.()
    signal.addEventListener('abort', done)
  })
}
