import { FastMCPError, ToolError } from '../../protocol/errors.ts'
import type { FromSandbox, SandboxJob } from './sandbox-worker.ts'
import { createThreads, type Threads } from './threads.ts'

/** What is to be run, and how its calls of tools are answered. */
export interface SandboxRun extends SandboxJob {
  /** Answers a call of the code: what it gives is JSON, or '' for nothing. What it throws ends the run, but for `CallFailure`. */
  call(name: string, json: string): Promise<string>
  readonly signal: AbortSignal
}

/** A call that failed in a way that the code may see and go on from. */
export class CallFailure extends FastMCPError {
  constructor(message: string) {
    super('CALL_FAILED', message)
  }
}

/** How a run ended. `text` is JSON: what the code gave, or an error with `name`, `message` and `stack`. */
export interface Outcome {
  readonly ok: boolean
  readonly text: string
  readonly output: string
}

/** Makes sandboxes; throws `DefinitionError` where there can be none. */
export function createSandboxes(): (run: SandboxRun) => Promise<Outcome> {
  const threads = createThreads()
  return (run) => runIn(threads, run)
}

/** One thread and one interpreter for one run: nothing is left of it afterwards. */
async function runIn(threads: Threads, run: SandboxRun): Promise<Outcome> {
  const { call, signal, ...job } = run
  signal.throwIfAborted()
  const thread = await threads.take()
  const running = new Set<Promise<void>>()
  const stop = withResolvers<Outcome>()
  const onAbort = (): void => stop.reject(signal.reason)
  signal.addEventListener('abort', onAbort, { once: true })
  if (signal.aborted) onAbort()

  const answer = async ({ id, name, json }: FromSandbox & { readonly is: 'call' }): Promise<void> => {
    try {
      thread.postMessage({ id, ok: true, text: await call(name, json) })
    } catch (problem) {
      if (problem instanceof CallFailure) thread.postMessage({ id, ok: false, text: problem.message })
      else stop.reject(problem)
    }
  }
  thread.on('message', (message: FromSandbox) => {
    if (message.is === 'done') return stop.resolve(message)
    const answering = answer(message).finally(() => running.delete(answering))
    running.add(answering)
  })
  const lost = (cause: unknown): void =>
    stop.reject(
      new ToolError('CODE_FAILED', 'The sandbox ended before the code did; it needed too much memory', { cause }),
    )
  thread.on('error', lost)
  thread.on('exit', lost)
  thread.postMessage(job)
  try {
    return await stop.promise
  } finally {
    signal.removeEventListener('abort', onAbort)
    await thread.terminate()
    // What was begun is waited for, so that what it did is known when the code is run again.
    if (!signal.aborted) await Promise.all(running)
  }
}

interface Resolvers<T> {
  readonly promise: Promise<T>
  readonly resolve: (value: T) => void
  readonly reject: (reason: unknown) => void
}

function withResolvers<T>(): Resolvers<T> {
  let resolve: Resolvers<T>['resolve'] = () => undefined
  let reject: Resolvers<T>['reject'] = () => undefined
  const promise = new Promise<T>((yes, no) => {
    resolve = yes
    reject = no
  })
  return { promise, resolve, reject }
}
