import type { Stop } from '../../engine/application.ts'

const childProcess = process.getBuiltinModule('node:child_process')
const { syncBuiltinESMExports } = process.getBuiltinModule('node:module')

type Run = (...args: unknown[]) => unknown
type Holder = Record<string, Run>

/**
 * Sends what child processes would write to an inherited standard output to the error stream.
 * `fork` inherits by default, so a child's `console.log` would land among the messages.
 */
export function divertChildren(): Stop {
  // The types hide `spawn`, through which every asynchronous child is started, and that exports can be replaced.
  const prototype = childProcess.ChildProcess.prototype as unknown as Holder
  const exports = childProcess as unknown as Holder
  const undo = [
    replace(prototype, 'spawn'),
    replace(exports, 'spawnSync'),
    replace(exports, 'execSync'),
    replace(exports, 'execFileSync'),
  ]
  syncBuiltinESMExports()
  return () => {
    for (const restore of undo) restore()
    syncBuiltinESMExports()
  }
}

function replace(holder: Holder, name: string): Stop {
  const original = holder[name]
  if (original === undefined) return () => undefined
  holder[name] = function (this: unknown, ...args: unknown[]) {
    return Reflect.apply(original, this, args.map(diverted))
  }
  return () => {
    holder[name] = original
  }
}

/** Options with their `stdio` changed; every other argument as it is. */
function diverted(argument: unknown): unknown {
  if (typeof argument !== 'object' || argument === null || Array.isArray(argument) || !('stdio' in argument)) {
    return argument
  }
  const { stdio } = argument
  const list: unknown = stdio === 'inherit' ? ['inherit', 'inherit', 'inherit'] : stdio
  if (!Array.isArray(list)) return argument
  return { ...argument, stdio: list.map((entry, fd) => (isStdout(entry, fd) ? process.stderr : entry)) }
}

function isStdout(entry: unknown, fd: number): boolean {
  return entry === 1 || entry === process.stdout || (fd === 1 && entry === 'inherit')
}
