/** What goes into a statement, and comes out of one. */
export type Cell = string | number | null

/** An open database file. What fails throws `FileProblem`. */
export interface Connection {
  /** Runs statements that give nothing. */
  exec(sql: string): void
  /** The rows of a query, by column. */
  all(sql: string, ...cells: readonly Cell[]): readonly Readonly<Record<string, unknown>>[]
  /** Runs a statement; returns how many rows it changed. */
  run(sql: string, ...cells: readonly Cell[]): number
  /** Closes the file. Never throws. */
  close(): void
}

/** A library that opens database files. */
export interface Driver {
  /**
   * Whether a connection has the file to itself, so that it must be closed again before anybody else may wait for it.
   */
  readonly isExclusive: boolean
  /** Opens a file that is there. Throws `FileProblem`. */
  open(path: string): Connection
}

/** Something went wrong with the file. `busy`: another process has it just now. `full`: nothing more goes in. */
export class FileProblem extends Error {
  readonly kind: 'busy' | 'full' | 'broken'

  constructor(kind: FileProblem['kind'], cause: unknown) {
    super(cause instanceof Error ? cause.message : String(cause), { cause })
    this.kind = kind
  }
}

/** Does something with a file, and throws `FileProblem` of the kind that `kindOf` finds for whatever goes wrong. */
export function guarded<T>(work: () => T, kindOf: (problem: unknown) => FileProblem['kind']): T {
  try {
    return work()
  } catch (problem) {
    throw problem instanceof FileProblem ? problem : new FileProblem(kindOf(problem), problem)
  }
}
