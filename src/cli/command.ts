import type { Output } from './output.ts'
import type { Flags, Words } from './words.ts'

/** Does the work of a command; resolves to the exit code. */
export type Run = (words: Words, output: Output) => Promise<number>

/** A command as help shows it. Its code is loaded when it is asked for. */
export interface Command {
  readonly name: string
  readonly summary: string
  /** Lines after `fastmcp `. */
  readonly usage: readonly string[]
  readonly details: string
  readonly flags: Flags
  readonly examples: readonly string[]
  readonly load: () => Promise<{ readonly run: Run }>
}
