import type { RequestStateOptions } from './eras/era.ts'
import { DefinitionError, FastMCPError } from './protocol/errors.ts'
import type { Report } from './server/mask.ts'
import { isLoopback } from './transports/http/loopback.ts'

/** The environment variable with the secrets, separated by commas. */
const VARIABLE = 'FASTMCP_STATE_KEYS'
const SHORTEST = 32

/** The options with the secrets of the environment where none are given. Throws for one that is too short to be safe. */
export function requestStateFrom({ keys, ttlMs }: RequestStateOptions = {}): RequestStateOptions {
  if (ttlMs !== undefined && !(Number.isFinite(ttlMs) && ttlMs > 0)) {
    throw new DefinitionError('requestState', `ttlMs is ${ttlMs}; give milliseconds above 0`)
  }
  const all = keys ?? keysIn(environment())
  for (const [index, key] of all.entries()) {
    const bytes = typeof key === 'string' ? new TextEncoder().encode(key).length : key.length
    if (bytes >= SHORTEST) continue
    const where = keys === undefined ? VARIABLE : 'requestState.keys'
    throw new DefinitionError(where, `key ${index + 1} has ${bytes} bytes; a secret needs at least ${SHORTEST}`)
  }
  return { keys: all, ...(ttlMs !== undefined && { ttlMs }) }
}

/**
 * Tells once that other replicas cannot go on with what this one asked: called with each host under
 * which the server can be reached, for there may be others where more than this machine reaches it.
 */
export function createReplicaWarning({ keys = [] }: RequestStateOptions, report: Report): (host: string) => void {
  let isTold = keys.length > 0
  return (host) => {
    if (isTold || isLoopback(host)) return
    isTold = true
    const warning = new FastMCPError('NO_STATE_KEYS', WARNING)
    // Where this was noticed tells nobody anything.
    warning.stack = warning.message
    report(warning, { during: 'start' })
  }
}

const WARNING =
  `No key for request state is set, so this process has made one up. With more than one replica, or after a restart, ` +
  `calls that ask the client fail when it answers. Set ${VARIABLE}, or requestState: { keys }, to the same secret everywhere`

function keysIn(env: Readonly<Record<string, unknown>>): readonly string[] {
  const value = env[VARIABLE]
  return typeof value === 'string' ? value.split(',').flatMap((key) => key.trim() || []) : []
}

/** Not every runtime has a process. */
function environment(): Readonly<Record<string, unknown>> {
  const process: unknown = Reflect.get(globalThis, 'process')
  const env: unknown = typeof process === 'object' && process !== null ? Reflect.get(process, 'env') : undefined
  return typeof env === 'object' && env !== null ? (env as Readonly<Record<string, unknown>>) : {} // any object has members
}
