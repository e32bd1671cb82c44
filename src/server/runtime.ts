/** What Node, Bun and Deno tell of their process, as far as it is of use here. */
export interface Process {
  readonly env?: Readonly<Record<string, string | undefined>>
  readonly stderr?: { readonly writableLength?: number }
  memoryUsage?(): { readonly rss: number; readonly heapUsed: number }
  resourceUsage?(): {
    readonly userCPUTime: number
    readonly systemCPUTime: number
    readonly involuntaryContextSwitches: number
  }
  /** Gives a module of the runtime's own without importing it: a bundle for the edge needs to find none. */
  getBuiltinModule?(name: string): unknown
}

/** The process this runs in; undefined where a runtime has none that lasts from one request to the next. */
export function lastingProcess(): Process | undefined {
  const process: unknown = Reflect.get(globalThis, 'process')
  const agent: unknown = Reflect.get(Object(Reflect.get(globalThis, 'navigator')), 'userAgent')
  // They can imitate a process for programs written for Node, and freeze their clock and timers between requests.
  if (typeof agent === 'string' && agent.startsWith('Cloudflare-Workers')) return undefined
  const isProcess = typeof process === 'object' && process !== null && 'pid' in process
  return isProcess ? (process as Process) : undefined // what of it may be missing is optional
}

/** A module of Node's, where the runtime has it. */
export function builtin(name: 'node:async_hooks' | 'node:v8'): unknown {
  return lastingProcess()?.getBuiltinModule?.(name)
}
