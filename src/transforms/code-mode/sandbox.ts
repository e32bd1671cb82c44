import { DefinitionError, FastMCPError, ToolError } from '../../protocol/errors.ts'
import { PRELUDE } from './prelude.ts'
import { type FromSandbox, type SandboxJob, sandboxMain, type ToSandbox } from './sandbox-worker.ts'

/** What is to be run, and how its calls of tools are answered. */
export interface SandboxRun extends Omit<SandboxJob, 'prelude'> {
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
  const threads = builtin<Threads>('node:worker_threads')
  const [quickjs, jiti] = [locate('quickjs-emscripten'), locate('jiti')]
  if (threads === undefined) throw new DefinitionError('codeMode', 'this runtime has no worker threads to run code in')
  if (quickjs === undefined || jiti === undefined) {
    throw new DefinitionError('codeMode', 'the sandbox is not installed: npm install quickjs-emscripten')
  }
  return (run) => runIn(threads, { quickjs, jiti }, run)
}

/** As much of `node:worker_threads` as is used here. */
interface Threads {
  readonly Worker: new (source: string, options: object) => Thread
}

interface Thread {
  postMessage(message: ToSandbox): void
  on(event: 'message' | 'error' | 'exit', listener: (message: never) => void): void
  terminate(): Promise<number>
  readonly stdout?: { resume(): void }
  readonly stderr?: { resume(): void }
}

const MAIN = `
globalThis.__name = (named) => named
const { parentPort, workerData } = require('node:worker_threads')
const { modules, job } = workerData
const strip = (source) => {
  const options = { source, ts: true, async: true, filename: 'code.ts', retainLines: true }
  return require(modules.jiti).createJiti(modules.jiti, { fsCache: false }).transform(options)
}
const interpreter = () => require(modules.quickjs).newQuickJSWASMModule()
;(${sandboxMain.toString()})(parentPort, job, { interpreter, strip, unreadable: 'exports.__JITI_ERROR__ = ' })`

/** Where the packages are that a thread loads. */
interface Modules {
  readonly quickjs: string
  readonly jiti: string
}

/** One thread and one interpreter for one run: nothing is left of it afterwards. */
async function runIn({ Worker }: Threads, modules: Modules, run: SandboxRun): Promise<Outcome> {
  const { call, signal, ...job } = run
  signal.throwIfAborted()
  const thread = new Worker(MAIN, {
    eval: true,
    workerData: { modules, job: { ...job, prelude: PRELUDE } },
    env: {},
    execArgv: [],
    // What it writes must not get into what a transport writes.
    stdout: true,
    stderr: true,
    resourceLimits: { maxOldGenerationSizeMb: 128, stackSizeMb: 4 },
  })
  const running = new Set<Promise<void>>()
  const stop = withResolvers<Outcome>()
  const onAbort = (): void => stop.reject(signal.reason)
  signal.addEventListener('abort', onAbort, { once: true })

  const answer = async ({ id, name, json }: FromSandbox & { readonly is: 'call' }): Promise<void> => {
    try {
      thread.postMessage({ id, ok: true, text: await call(name, json) })
    } catch (problem) {
      if (problem instanceof CallFailure) thread.postMessage({ id, ok: false, text: problem.message })
      else stop.reject(problem)
    }
  }
  thread.stdout?.resume()
  thread.stderr?.resume()
  thread.on('message', (message: FromSandbox) => {
    if (message.is === 'done') return stop.resolve(message)
    const answering = answer(message).finally(() => running.delete(answering))
    running.add(answering)
  })
  const lost = (): void =>
    stop.reject(new ToolError('CODE_FAILED', 'The sandbox ended before the code did; it needed too much memory'))
  thread.on('error', lost)
  thread.on('exit', lost)
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

/** Not imported: other runtimes have no such module, and need none until somebody asks for a sandbox. */
function builtin<T>(name: string): T | undefined {
  const process: unknown = Reflect.get(globalThis, 'process')
  if (typeof process !== 'object' || process === null || !('getBuiltinModule' in process)) return undefined
  const { getBuiltinModule } = process
  return typeof getBuiltinModule === 'function' ? getBuiltinModule.call(process, name) : undefined
}

function locate(name: string): string | undefined {
  const module = builtin<{ createRequire(from: string): { resolve(name: string): string } }>('node:module')
  try {
    return module?.createRequire(import.meta.url).resolve(name)
  } catch {
    return undefined
  }
}
