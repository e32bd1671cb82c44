import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'

const FIXTURE = fileURLToPath(new URL('../fixtures/program.mjs', import.meta.url))

export interface Message {
  readonly id?: unknown
  readonly result?: { readonly content?: readonly { readonly text: string }[] }
  readonly error?: { readonly code: number; readonly message: string }
}

/** A server program in a process of its own, with what it says. */
export class Program {
  readonly child: ChildProcess
  readonly exited: Promise<number | string | null>
  output = ''
  errors = ''
  #wake: (() => void)[] = []

  constructor(args: readonly string[] = []) {
    this.child = spawn(process.execPath, [FIXTURE, ...args], { stdio: 'pipe' })
    this.exited = once(this.child, 'close').then(([code, signal]) => code ?? signal)
    this.child.stdout?.setEncoding('utf8').on('data', (text: string) => {
      this.output += text
      this.#changed()
    })
    this.child.stderr?.setEncoding('utf8').on('data', (text: string) => {
      this.errors += text
      this.#changed()
    })
    // Writing to a program that is gone fails; the tests look at how it went.
    this.child.stdin?.on('error', () => undefined)
    void this.exited.then(() => this.#changed())
  }

  /** Serves over HTTP; resolves with the port. */
  static async overHttp(): Promise<{ readonly program: Program; readonly port: number }> {
    const program = new Program(['--transport', 'http', '--port', '0'])
    await program.saysError('http://')
    return { program, port: Number(/http:\/\/127\.0\.0\.1:(\d+)/.exec(program.errors)?.[1]) }
  }

  send(text: string | Uint8Array): void {
    this.child.stdin?.write(text)
  }

  call(id: unknown, name: string): void {
    this.send(`${JSON.stringify({ jsonrpc: '2.0', id, method: 'tools/call', params: { name } })}\n`)
  }

  /** All lines so far, each of which must be a message. */
  get messages(): Message[] {
    const lines = this.output.split('\n')
    return lines.slice(0, -1).map((line) => JSON.parse(line))
  }

  /** The next `count` messages, counted from the first. */
  async heard(count: number): Promise<Message[]> {
    await this.#until(() => this.output.split('\n').length > count)
    return this.messages.slice(0, count)
  }

  saysError(text: string): Promise<void> {
    return this.#until(() => this.errors.includes(text))
  }

  async #until(holds: () => boolean): Promise<void> {
    while (!holds()) {
      if (this.child.exitCode !== null) throw new Error(`The program ended: ${this.errors}`)
      await new Promise<void>((resolve) => this.#wake.push(resolve))
    }
  }

  #changed(): void {
    for (const wake of this.#wake.splice(0)) wake()
  }
}
