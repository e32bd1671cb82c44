import type { Output } from './output.ts'
import type { Flags, Words } from './words.ts'

/** What a command is given beside its words. */
export interface Surroundings {
  readonly output: Output
  /** Aborts on Ctrl-C. */
  readonly signal: AbortSignal
}

/** Does the work of a command; resolves to the exit code. */
export type Run = (words: Words, surroundings: Surroundings) => Promise<number>

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
