import type { ChildProcess } from 'node:child_process'
import type { JSONRPCMessage, Transport } from '@modelcontextprotocol/client'
import spawn from 'cross-spawn'
import type { Command } from './command.ts'
import { inheritedEnvironment } from './environment.ts'
import { ClientError } from './errors.ts'
import { PipeTransport } from './pipes.ts'
import { endAtExit, HAS_GROUPS, hasExited, isGoneWithin, signalGroup } from './process-group.ts'

/** What becomes of the server's standard error: shown, dropped, kept, or given to a function. */
export type Stderr = 'inherit' | 'ignore' | 'capture' | ((text: string) => void)

/** How a child is watched and ended. */
export interface ChildOptions {
  readonly stderr: Stderr
  /** Milliseconds it has to leave after the end of its input, and again after SIGTERM. */
  readonly graceMs: number
}

const MOST_KEPT = 64 * 1024

/**
 * A server that runs as a child of this process. It leads a process group of its own, so that
 * closing also ends what it started: a package runner, a shell, a build tool.
 */
export class ChildTransport implements Transport {
  onmessage?: Transport['onmessage']
  onclose?: Transport['onclose']
  onerror?: Transport['onerror']
  readonly #command: Command
  readonly #options: ChildOptions
  #child: ChildProcess | undefined
  #pipe: PipeTransport | undefined
  #ending: Promise<void> | undefined
  #left = false
  #dismissed = false
  #kept = ''

  constructor(command: Command, options: ChildOptions) {
    this.#command = command
    this.#options = options
  }

  /** The end of what the server wrote to standard error, with `stderr: 'capture'`. */
  get stderr(): string {
    return this.#kept
  }

  get pid(): number | undefined {
    return this.#child?.pid
  }

  /** How the process ended by itself, in words; undefined while it runs, and when it was closed. */
  get ended(): string | undefined {
    const child = this.#child
    if (child === undefined || this.#dismissed || !hasExited(child)) return undefined
    const how = child.signalCode === null ? `code ${child.exitCode}` : child.signalCode
    return `The server process ended with ${how}${this.#kept && `: ${this.#kept.trim().slice(-500)}`}`
  }

  async start(): Promise<void> {
    const { command, args = [], env, cwd } = this.#command
    const { stderr } = this.#options
    const child = spawn(command, [...args], {
      ...(cwd === undefined ? {} : { cwd }),
      env: { ...inheritedEnvironment(), ...env },
      stdio: ['pipe', 'pipe', stderr === 'inherit' || stderr === 'ignore' ? stderr : 'pipe'],
      detached: HAS_GROUPS,
      windowsHide: true,
    })
    this.#child = child
    await begun(child, this.#command)
    const forget = endAtExit(child)
    // Once the process is gone: hands over its last words, then ends what it left behind.
    child.once('exit', () => void this.#drained().then(() => this.#finish().finally(forget)))
    const { stdin, stdout } = child
    if (stdin === null || stdout === null || this.#ending) {
      throw new ClientError('CONNECTION_CLOSED', 'The connection was closed while its process started')
    }
    child.on('error', (problem) => this.onerror?.(problem))
    if (child.stderr) this.#watch(child.stderr)
    const pipe = new PipeTransport({ input: stdout, output: stdin })
    pipe.onmessage = (message, extra) => this.onmessage?.(message, extra)
    pipe.onerror = (problem) => this.onerror?.(problem)
    // Whoever closes its output serves nobody any more, so the process goes with the pipe.
    pipe.onclose = () => {
      this.#left = true
      this.onclose?.()
      void this.#finish()
    }
    this.#pipe = pipe
    await pipe.start()
  }

  send(message: JSONRPCMessage): Promise<void> {
    if (this.#pipe) return this.#pipe.send(message)
    return Promise.reject(new ClientError('CONNECTION_CLOSED', 'The server process is not running'))
  }

  close(): Promise<void> {
    if (!this.#left) this.#dismissed = true
    return this.#finish()
  }

  #finish(): Promise<void> {
    // Not at once: ending the pipe comes back here.
    this.#ending ??= Promise.resolve().then(() => this.#end())
    return this.#ending
  }

  /** End of input, then SIGTERM, then SIGKILL, to the whole group; resolves when it is gone. */
  async #end(): Promise<void> {
    const child = this.#child
    if (child?.pid === undefined) return
    child.stdin?.end()
    await this.#pipe?.close()
    const { graceMs } = this.#options
    if (await isGoneWithin(child, graceMs)) return
    signalGroup(child, 'SIGTERM')
    if (await isGoneWithin(child, graceMs)) return
    signalGroup(child, 'SIGKILL')
    // Nothing outlives that, but somebody else may be slow to bury grandchildren: wait for the child only.
    if (!hasExited(child)) await new Promise((resolve) => child.once('exit', resolve))
  }

  /** A grandchild that holds the pipe would keep it open for ever. */
  #drained(): Promise<void> {
    const stdout = this.#child?.stdout
    if (!stdout || stdout.readableEnded || stdout.destroyed) return Promise.resolve()
    return new Promise((resolve) => {
      const timer = setTimeout(resolve, LAST_WORDS_MS)
      stdout.once('close', () => {
        clearTimeout(timer)
        resolve()
      })
    })
  }

  #watch(stderr: NodeJS.ReadableStream): void {
    const { stderr: mode } = this.#options
    stderr.setEncoding('utf8')
    stderr.on('data', (text: string) => {
      if (typeof mode === 'function') mode(text)
      else this.#kept = (this.#kept + text).slice(-MOST_KEPT)
    })
  }
}

const LAST_WORDS_MS = 50

/** Resolves when the process runs; rejects with what to do when it cannot. */
function begun(child: ChildProcess, { command, cwd }: Command): Promise<void> {
  return new Promise((resolve, reject) => {
    child.once('spawn', resolve)
    child.once('error', (cause: NodeJS.ErrnoException) => {
      const where = cwd === undefined ? '' : `, or the directory "${cwd}" does not exist`
      const words = cause.code === 'ENOENT' ? `no such program on PATH${where}` : cause.message
      reject(new ClientError('CONNECT_FAILED', `Cannot start "${command}": ${words}`, { cause }))
    })
  })
}
