import { DefinitionError } from '../../protocol/errors.ts'
import { PRELUDE } from './prelude.ts'
import { sandboxMain, type ToSandbox } from './sandbox-worker.ts'

/** Where the threads come from that code is run in, each of them once. */
export interface Threads {
  /** A thread that nobody had before, ready to run code or about to be. */
  take(): Promise<Thread>
}

/** A thread for one run. */
export interface Thread {
  postMessage(message: ToSandbox): void
  on(event: 'message' | 'error' | 'exit', listener: (message: never) => void): void
  terminate(): Promise<number>
}

/** Finds what threads for code are made of; throws `DefinitionError` where there is none. */
export function createThreads(): Threads {
  const workers = builtin<{ readonly Worker: WorkerClass }>('node:worker_threads')
  const [quickjs, jiti] = [locate('quickjs-emscripten'), locate('jiti')]
  if (workers === undefined) throw new DefinitionError('codeMode', 'this runtime has no worker threads to run code in')
  if (quickjs === undefined || jiti === undefined) {
    throw new DefinitionError('codeMode', 'the sandbox is not installed: npm install quickjs-emscripten')
  }
  return {
    async take() {
      compiled ??= compile(quickjs)
      const modules = { quickjs, jiti, wasm: await compiled }
      const thread = takeSpare() ?? startThread(workers.Worker, modules)
      thread.ref()
      // Not before: streams that are read keep the process from ending.
      thread.stdout?.resume()
      thread.stderr?.resume()
      // Made ready while this one runs, so that the next run need not wait.
      keepSpare(startThread(workers.Worker, modules))
      return thread
    },
  }
}

interface NodeThread extends Thread {
  ref(): void
  unref(): void
  readonly stdout?: { resume(): void }
  readonly stderr?: { resume(): void }
}

type WorkerClass = new (source: string, options: object) => NodeThread

/** What a thread loads. */
interface Modules {
  readonly quickjs: string
  readonly jiti: string
  readonly wasm: unknown
}

const MAIN = `
globalThis.__name = (named) => named
const { parentPort, workerData } = require('node:worker_threads')
const { modules, prelude } = workerData
const strip = (source) => {
  const options = { source, ts: true, async: true, filename: '/code.ts', retainLines: true }
  return require(modules.jiti).createJiti(modules.jiti, { fsCache: false }).transform(options)
}
const interpreter = () => {
  const { newQuickJSWASMModule, newVariant, RELEASE_SYNC } = require(modules.quickjs)
  return newQuickJSWASMModule(modules.wasm && newVariant(RELEASE_SYNC, { wasmModule: modules.wasm }))
}
;(${sandboxMain.toString()})(parentPort, { prelude, interpreter, strip, unreadable: 'exports.__JITI_ERROR__ = ' })`

function startThread(Worker: WorkerClass, modules: Modules): NodeThread {
  return new Worker(MAIN, {
    eval: true,
    workerData: { modules, prelude: PRELUDE },
    env: {},
    execArgv: [],
    // What it writes must not get into what a transport writes.
    stdout: true,
    stderr: true,
    resourceLimits: { maxOldGenerationSizeMb: 128, stackSizeMb: 4 },
  })
}

/** One for the whole process, however many servers run code. It is used once, as any other. */
let spare: { readonly thread: NodeThread; readonly timer: ReturnType<typeof setTimeout> } | undefined
/** A thread costs memory, so none is kept for nothing. */
const IDLE_MS = 30_000

function keepSpare(thread: NodeThread): void {
  const drop = (): void => {
    if (spare?.thread !== thread) return
    clearTimeout(spare.timer)
    spare = undefined
  }
  const timer = setTimeout(() => {
    drop()
    void thread.terminate()
  }, IDLE_MS)
  spare = { thread, timer }
  thread.on('error', drop)
  thread.on('exit', drop)
  // Neither keeps a process from ending.
  thread.unref()
  if (typeof timer === 'object') timer.unref?.()
}

function takeSpare(): NodeThread | undefined {
  if (spare === undefined) return undefined
  const { thread, timer } = spare
  clearTimeout(timer)
  spare = undefined
  return thread
}

let compiled: Promise<unknown> | undefined

/** The interpreter, compiled once for all threads; undefined where each has to do it for itself. */
async function compile(quickjs: string): Promise<unknown> {
  const path = locate('@jitl/quickjs-wasmfile-release-sync/wasm', quickjs)
  const files = builtin<{ readonly promises: { readFile(path: string): Promise<Uint8Array<ArrayBuffer>> } }>('node:fs')
  // Not every engine is known to let threads share it.
  if (path === undefined || files === undefined || 'Bun' in globalThis) return undefined
  try {
    return await WebAssembly.compile(await files.promises.readFile(path))
  } catch {
    return undefined
  }
}

function locate(name: string, from: string = import.meta.url): string | undefined {
  const module = builtin<{ createRequire(from: string): { resolve(name: string): string } }>('node:module')
  try {
    return module?.createRequire(from).resolve(name)
  } catch {
    return undefined
  }
}

/** A module of Node. Not imported: other runtimes have none, and need none until somebody asks for a sandbox. */
function builtin<T>(name: string): T | undefined {
  const process: unknown = Reflect.get(globalThis, 'process')
  if (typeof process !== 'object' || process === null || !('getBuiltinModule' in process)) return undefined
  const { getBuiltinModule } = process
  return typeof getBuiltinModule === 'function' ? getBuiltinModule.call(process, name) : undefined
}
