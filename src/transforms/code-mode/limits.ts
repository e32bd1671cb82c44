import { DefinitionError } from '../../protocol/errors.ts'

/** What one run of code may use. */
export interface CodeLimits {
  /** What it can have in memory; default 64 MiB. */
  readonly memoryBytes?: number
  /** From its begin to its result, tools included and waiting for a person not; default 30,000 ms. */
  readonly timeMs?: number
  /** Calls of tools; default 50. */
  readonly calls?: number
  /** Characters of its result, and of what it writes to the console; default 100,000. */
  readonly outputBytes?: number
  /** Runs at the same time, of all callers; further ones are refused. Default 16. */
  readonly runs?: number
}

const DEFAULTS: Required<CodeLimits> = {
  memoryBytes: 64 * 1024 * 1024,
  timeMs: 30_000,
  calls: 50,
  outputBytes: 100_000,
  runs: 16,
}
/** The interpreter alone needs some; more than the last no WebAssembly memory holds. */
const MEMORY = { least: 1024 * 1024, most: 2 * 1024 * 1024 * 1024 }
const MOST_TIME = 30 * 60_000

/** Fills in what is left out. Throws `DefinitionError` for what cannot be. */
export function limitsFrom(limits: CodeLimits): Required<CodeLimits> {
  const said = Object.entries(limits).filter(([, value]) => value !== undefined)
  const all: Required<CodeLimits> = { ...DEFAULTS, ...Object.fromEntries(said) }
  for (const [name, value] of Object.entries(all)) {
    if (!Object.hasOwn(DEFAULTS, name)) throw new DefinitionError('codeMode', `there is no limit "${name}"`)
    if (Number.isInteger(value) && value > 0) continue
    throw new DefinitionError('codeMode', `limits.${name} is ${String(value)}; give a whole number above 0`)
  }
  if (all.memoryBytes < MEMORY.least || all.memoryBytes > MEMORY.most) {
    throw new DefinitionError('codeMode', `limits.memoryBytes is ${all.memoryBytes}; give 1 MiB to 2 GiB`)
  }
  if (all.timeMs > MOST_TIME) {
    throw new DefinitionError('codeMode', `limits.timeMs is ${all.timeMs}; give at most ${MOST_TIME}, half an hour`)
  }
  return all
}
