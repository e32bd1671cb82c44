import type { QuickJSContext, QuickJSHandle, QuickJSWASMModule } from 'quickjs-emscripten'

/** What a sandbox is given when it begins. */
export interface SandboxJob {
  /** An expression for the function to run, in TypeScript. */
  readonly code: string
  readonly prelude: string
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

/** What it is told: how a call ended. */
export interface ToSandbox {
  readonly id: number
  readonly ok: boolean
  readonly text: string
}

/** The way between a sandbox and who runs it. */
export interface SandboxPort {
  postMessage(message: FromSandbox): void
  on(event: 'message', listener: (message: ToSandbox) => void): void
}

/** What a sandbox is made of. */
export interface SandboxParts {
  interpreter(): Promise<QuickJSWASMModule>
  /** Takes the types out of a source; what cannot be read gives code that begins with `unreadable` and goes on as JSON. */
  strip(source: string): string
  readonly unreadable: string
}

/**
 * Runs code in an interpreter inside WebAssembly. This function is sent to a thread of its own as text, so that nothing the
 * interpreter does can hold the server up: it may use nothing but its parameters and what every thread has.
 */
export async function sandboxMain(
  port: SandboxPort,
  job: SandboxJob,
  { interpreter, strip, unreadable }: SandboxParts,
): Promise<void> {
  const mostText = 1024 * 1024
  const { outputBytes } = job
  let calls = 0
  let open = 0
  let output = ''
  let isDone = false

  const finish = (ok: boolean, text: string): void => {
    if (isDone) return
    isDone = true
    port.postMessage({ is: 'done', ok, text, output })
  }
  const fail = (name: string, message: string): void => finish(false, JSON.stringify({ name, message, stack: '' }))

  try {
    // Here and not outside: there are sources that take a reader of TypeScript for ever.
    const source = strip(job.code)
    if (source.startsWith(unreadable)) {
      const { message, line } = JSON.parse(source.slice(unreadable.length)) as Record<'message' | 'line', unknown> // what it says of each
      return finish(false, JSON.stringify({ name: 'SyntaxError', message, stack: `code.ts:${line}` }))
    }
    const module = await interpreter()
    const runtime = module.newRuntime()
    runtime.setMemoryLimit(job.memoryBytes)
    runtime.setMaxStackSize(256 * 1024)
    runtime.setInterruptHandler(() => isDone)
    const vm: QuickJSContext = runtime.newContext()

    /** A text of the sandbox, unless it is longer than may be. */
    const textOf = (handle: QuickJSHandle | undefined, most: number): string | undefined => {
      if (handle === undefined || vm.typeof(handle) !== 'string') return ''
      const length = vm.getProp(handle, 'length').consume((known) => vm.getNumber(known))
      return length > most ? undefined : vm.getString(handle)
    }
    const settle = (id: number, ok: boolean, text: string): void => {
      const parts = [vm.newNumber(id), ok ? vm.true : vm.false, vm.newString(text)]
      vm.unwrapResult(vm.callFunction(settleHandle, vm.undefined, ...parts)).dispose()
      for (const part of parts) part.dispose()
    }
    const run = (): void => {
      while (!isDone && runtime.hasPendingJob()) {
        const result = runtime.executePendingJobs(1_000)
        if (result.error !== undefined) result.error.dispose()
      }
      if (!isDone && open === 0) {
        fail(
          'Error',
          'The code waits for something that never comes: only tools can be waited for, and none is running',
        )
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
          : name === undefined || json === undefined
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
      const text = textOf(textHandle, outputBytes)
      if (text !== undefined) finish(ok, text)
      else fail('RangeError', `The result is larger than ${outputBytes} characters; return only what is needed of it`)
    })
    const receive = ({ id, ok, text }: ToSandbox): void => {
      if (isDone) return
      open--
      try {
        settle(id, ok, text)
        run()
      } catch (problem) {
        fail('Error', `The sandbox could not go on: ${String(problem)}`)
      }
    }

    const prelude = vm.unwrapResult(vm.evalCode(job.prelude, 'sandbox'))
    const given = [send, print, done, vm.newNumber(job.now), vm.newNumber(job.seed)]
    const inside = vm.unwrapResult(vm.callFunction(prelude, vm.undefined, ...given))
    const settleHandle = vm.getProp(inside, 'settle')
    port.on('message', receive)

    const code = vm.evalCode(source, 'code.ts')
    if (code.error !== undefined) {
      const problem: unknown = vm.dump(code.error)
      const { name, message, stack } = problem as Record<'name' | 'message' | 'stack', unknown> // an error as data
      return finish(false, JSON.stringify({ name, message, stack }))
    }
    vm.unwrapResult(vm.callFunction(vm.getProp(inside, 'start'), vm.undefined, code.value))
    run()
  } catch (problem) {
    fail('Error', `The sandbox could not go on: ${String(problem)}`)
  }
}
