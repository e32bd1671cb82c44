/** Exit codes: the work failed, the command line was wrong, or Ctrl-C ended it (as shells have it). */
export type ExitCode = 1 | 2 | 130

/** Something that ends the command: what went wrong in one line, and what to do next in as many as it takes. */
export class Failure extends Error {
  readonly next: string | undefined
  readonly exitCode: ExitCode

  constructor(message: string, next?: string, options?: ErrorOptions & { readonly exitCode?: ExitCode }) {
    super(message, options)
    this.name = 'Failure'
    this.next = next
    this.exitCode = options?.exitCode ?? 1
  }
}

/** A command line that cannot be understood: exit code 2. */
export function misuse(message: string, next?: string): Failure {
  return new Failure(message, next, { exitCode: 2 })
}
