import type { QuickJSContext, QuickJSHandle, QuickJSWASMModule } from 'quickjs-emscripten'

/** What a sandbox is given to do. */
export interface SandboxJob {
  /** An expression for the function to run, in TypeScript. */
  readonly code: string
  readonly memoryBytes: number
  readonly calls: number
  readonly outputBytes: number
  /** Milliseconds since 1970 that the code takes for now. */
  readonly now: number
  readonly seed: number
}

/** What a sandbox says. */
export type FromSandbox =
  | { readonly is: 'call'; readonly id: number; readonly name: string; readonly json: string }
  | { readonly is: 'done'; readonly ok: boolean; readonly text: string; readonly output: string }

/** What it is told: first what to do, then how each call ended. */
export type ToSandbox = SandboxJob | Settled

/** How a call ended. */
export interface Settled {
  readonly id: number
  readonly ok: boolean
  readonly text: string
}

/** The way between a sandbox and who runs it. */
export interface SandboxPort {
  postMessage(message: FromSandbox): void
  on(event: 'message', listener: (message: ToSandbox) => void): void
}

/** Code that can be run, or what is wrong with it. */
type Compiled =
  | { readonly code: QuickJSHandle }
  | { readonly name: string; readonly message: string; readonly stack: string }

/** What a sandbox is made of. */
export interface SandboxParts {
  readonly prelude: string
  interpreter(): Promise<QuickJSWASMModule>
  /** Takes the types out of a source; what cannot be read gives code that begins with `unreadable` and goes on as JSON. */
  strip(source: string): string
  readonly unreadable: string
}

/**
 * Runs code in an interpreter inside WebAssembly: makes everything ready, waits for a job, and does that one. This function
 * is sent to a thread of its own as text, so that nothing the interpreter does can hold the server up: it may use nothing but
 * its parameters and what every thread has.
 */
export async function sandboxMain(
  port: SandboxPort,
  { prelude, interpreter, strip, unreadable }: SandboxParts,
): Promise<void> {
  const mostText = 1024 * 1024
  let calls = 0
  let open = 0
  let output = ''
  let isDone = false

  const begun = new Promise<SandboxJob>((begin) => {
    port.on('message', (message) => ('code' in message ? begin(message) : receive(message)))
  })
  const module = await interpreter()
  const runtime = module.newRuntime()
  runtime.setMaxStackSize(256 * 1024)
  runtime.setInterruptHandler(() => isDone)
  const vm: QuickJSContext = runtime.newContext()
  let settleHandle = vm.undefined
  const surround = vm.unwrapResult(vm.evalCode(prelude, 'sandbox'))

  const job = await begun
  const { outputBytes } = job
  runtime.setMemoryLimit(job.memoryBytes)

  const finish = (ok: boolean, text: string): void => {
    if (isDone) return
    isDone = true
    port.postMessage({ is: 'done', ok, text, output })
  }
  const fail = (name: string, message: string, stack = ''): void =>
    finish(false, JSON.stringify({ name, message, stack }))

  /** A text of the sandbox, unless it is longer than may be. */
  const textOf = (handle: QuickJSHandle | undefined, most: number): string | undefined => {
    if (handle === undefined || vm.typeof(handle) !== 'string') return ''
    const length = vm.getProp(handle, 'length').consume((known) => vm.getNumber(known))
    return length > most ? undefined : vm.getString(handle)
  }
  const run = (): void => {
    while (!isDone && runtime.hasPendingJob()) {
      const result = runtime.executePendingJobs(1_000)
      if (result.error !== undefined) result.error.dispose()
    }
    if (isDone || open > 0) return
    fail('Error', 'The code waits for something that never comes: only tools can be waited for, and none is running')
  }
  const receive = ({ id, ok, text }: Settled): void => {
    if (isDone) return
    open--
    try {
      const parts = [vm.newNumber(id), ok ? vm.true : vm.false, vm.newString(text)]
      vm.unwrapResult(vm.callFunction(settleHandle, vm.undefined, ...parts)).dispose()
      for (const part of parts) part.dispose()
      run()
    } catch (problem) {
      fail('Error', `The sandbox could not go on: ${String(problem)}`)
    }
  }

  const send = vm.newFunction('send', (idHandle, nameHandle, jsonHandle) => {
    const id = vm.getNumber(idHandle)
    const name = textOf(nameHandle, 1_000)
    const json = textOf(jsonHandle, mostText)
    // A call beyond the limit takes a turn too, so that its promise is there when it is refused.
    const refusal =
      ++calls > job.calls
        ? `The code may call tools ${job.calls} times, and this is one more; do the rest in another run`
        : name === undefined
          ? 'No tool has a name of more than 1000 characters'
          : json === undefined
            ? `The arguments are larger than ${mostText} characters`
            : undefined
    open++
    if (refusal !== undefined) setTimeout(() => receive({ id, ok: false, text: refusal }))
    else port.postMessage({ is: 'call', id, name: name ?? '', json: json ?? '' })
  })
  const print = vm.newFunction('print', (line) => {
    const left = outputBytes - output.length
    if (left <= 0) return
    const text = textOf(line, mostText) ?? '(a line that is too long)'
    output += `${text}\n`.slice(0, left)
    if (text.length >= left) output += '…'
  })
  const done = vm.newFunction('done', (okHandle, textHandle) => {
    const ok = vm.dump(okHandle) === true
    const text = textOf(textHandle, ok ? outputBytes : mostText)
    if (text !== undefined) finish(ok, text)
    else if (!ok) fail('RangeError', `The error says more than ${mostText} characters`)
    else fail('RangeError', `The result is larger than ${outputBytes} characters; return only what is needed of it`)
  })

  const compile = (source: string): Compiled => {
    const code = vm.evalCode(source, 'code.ts', { strict: true })
    if (code.error === undefined) return { code: code.value }
    const { name, message, stack } = code.error.consume((error) => vm.dump(error) as Record<string, unknown>) // an error as data
    return { name: String(name), message: String(message), stack: String(stack) }
  }
  /** Takes the types out. Here and not outside: there are sources that take a reader of TypeScript for ever. */
  const compileTyped = (): Compiled => {
    const source = strip(job.code)
    if (!source.startsWith(unreadable)) return compile(source)
    const { message, line } = JSON.parse(source.slice(unreadable.length)) as Record<'message' | 'line', unknown> // what it says of each
    return { name: 'SyntaxError', message: String(message), stack: `code.ts:${line}` }
  }
  /** Much code has no types in it, and is read at once. What means something else in TypeScript has `>` before a call. */
  const compileAny = (): Compiled => {
    const plain = /[^=]>\s*[(`/]/.test(job.code) ? undefined : compile(job.code)
    return plain === undefined || ('name' in plain && plain.name === 'SyntaxError') ? compileTyped() : plain
  }

  try {
    const given = [send, print, done, vm.newNumber(job.now), vm.newNumber(job.seed)]
    const inside = vm.unwrapResult(vm.callFunction(surround, vm.undefined, ...given))
    settleHandle = vm.getProp(inside, 'settle')
    const compiled = compileAny()
    if ('name' in compiled) return fail(compiled.name, compiled.message, compiled.stack)
    vm.unwrapResult(vm.callFunction(vm.getProp(inside, 'start'), vm.undefined, compiled.code))
    run()
  } catch (problem) {
    fail('Error', `The sandbox could not go on: ${String(problem)}`)
  }
}
