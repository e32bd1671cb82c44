import type { Eras } from './eras/negotiate.ts'
import { FastMCPError } from './protocol/errors.ts'
import { type RunOptions, readRunSettings, type Surroundings } from './run-settings.ts'
import type { HttpOptions, Report } from './transports/http/options.ts'
import type { Listening, ListenOptions } from './transports/node/listen.ts'
import type { StdioOptions } from './transports/stdio/stdio.ts'

/** What is served, and how it was set up. */
export interface Served {
  readonly name: string
  readonly eras: Eras
  readonly http: HttpOptions
  readonly report: Report
  /** Begins what runs beside the calls, before the first of them can come. */
  begin(): Promise<void>
  /** Ends it, after the last. */
  end(): Promise<void>
  /** Told each host under which the server can be reached. */
  reached(host: string): void
}

/** How to run, with the settings of every transport. */
export interface ServeOptions extends RunOptions, Omit<ListenOptions, keyof RunOptions>, Omit<StdioOptions, 'signal'> {
  /** Told once the server listens over HTTP: its name, and the address of the MCP endpoint. */
  readonly onListening?: (server: { readonly name: string; readonly url: string }) => void
}

/** Set while the command line loads a file, so that a `run()` at its end leaves serving to the command line. */
const LOADING = Symbol.for('fastmcp.loading')

/** Listens over HTTP on Node. */
export async function listenOverHttp(served: Served, options: ListenOptions): Promise<Listening> {
  const { listen } = await import('./transports/node/listen.ts')
  await served.begin()
  const listening = await listen(served.eras, { ...served.http, report: served.report, ...options })
  served.reached(listening.host)
  return listening
}

/** Serves until the process is told to stop, or standard input ends. */
export async function runUntilStopped(served: Served, options: ServeOptions): Promise<void> {
  if (Reflect.get(globalThis, LOADING) === true) return
  const settings = readRunSettings(options, surroundings())
  if (settings.transport === 'stdio') return runOverStdio(served, options)
  const { careForProcess } = await import('./transports/node/signals.ts')
  const listening = await listenOverHttp(served, { ...options, ...settings })
  // Before anybody can know the address, a signal ends it gracefully.
  careForProcess({ stop: () => listening.close().finally(served.end), report: served.report })
  console.error(`${served.name} serving on ${listening.url}`)
  options.onListening?.({ name: served.name, url: listening.url })
  await new Promise<never>(() => undefined)
}

/** With streams of the caller's own it only serves; with those of the process it also ends it. */
async function runOverStdio(served: Served, options: StdioOptions): Promise<void> {
  const { serveStdio } = await import('./transports/stdio/stdio.ts')
  await served.begin()
  if (options.input !== undefined || options.output !== undefined) {
    return serveStdio(served.eras, options).finally(served.end)
  }

  const { careForProcess } = await import('./transports/node/signals.ts')
  const stopped = new AbortController()
  const serving = serveStdio(served.eras, { ...options, signal: stopped.signal })
  const stop = async (): Promise<void> => {
    stopped.abort()
    await serving.finally(served.end)
  }
  careForProcess({ stop, report: served.report })
  await serving.finally(served.end)
  process.exit(0)
}

function surroundings(): Surroundings {
  const process: unknown = Reflect.get(globalThis, 'process')
  if (typeof process === 'object' && process !== null && 'argv' in process && 'env' in process) {
    return process as unknown as Surroundings // Node, Bun and Deno have both as arrays and records of strings
  }
  throw new FastMCPError('SETTING', 'run() needs Node, Bun or Deno. On other runtimes serve `mcp.fetch`')
}
