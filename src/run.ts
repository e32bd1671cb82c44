import type { Eras } from './eras/negotiate.ts'
import { FastMCPError } from './protocol/errors.ts'
import { type RunOptions, readRunSettings, type Surroundings } from './run-settings.ts'
import type { HttpOptions, HttpParts, Report } from './transports/http/options.ts'
import type { Listening, ListenOptions } from './transports/node/listen.ts'
import type { StdioOptions } from './transports/stdio/stdio.ts'

/** What is served, and how it was set up. */
export interface Served {
  readonly name: string
  readonly eras: Eras
  readonly http: HttpOptions
  /** What it lends its HTTP transports. */
  readonly parts: HttpParts
  readonly report: Report
  /** Counts a rejection that nobody looked after. */
  readonly onRejection: () => void
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
  await begin(served)
  const listening = await listen(served.eras, { ...served.http, report: served.report, ...options }, served.parts)
  served.reached(listening.host)
  return listening
}

/** Serves until the process is told to stop, or standard input ends. */
export async function runUntilStopped(served: Served, options: ServeOptions): Promise<void> {
  if (Reflect.get(globalThis, LOADING) === true) return
  const settings = readRunSettings(options, surroundings())
  if (settings.transport === 'stdio') return runOverStdio(served, options)
  const { careForProcess } = await import('./transports/node/signals.ts')
  const { report, onRejection } = served
  const listening = await listenOverHttp(served, { ...options, ...settings }).catch((problem: unknown) =>
    endAfter(problem, served),
  )
  // Before anybody can know the address, a signal ends it gracefully.
  careForProcess({ stop: () => listening.close().finally(served.end), report, onRejection })
  console.error(`${served.name} serving on ${listening.url}`)
  options.onListening?.({ name: served.name, url: listening.url })
  await new Promise<never>(() => undefined)
}

/** With streams of the caller's own it only serves; with those of the process it also ends it. */
async function runOverStdio(served: Served, options: StdioOptions): Promise<void> {
  const { serveStdio } = await import('./transports/stdio/stdio.ts')
  await begin(served)
  if (options.input !== undefined || options.output !== undefined) {
    return serveStdio(served.eras, options).finally(served.end)
  }

  const { careForProcess } = await import('./transports/node/signals.ts')
  const { report, onRejection } = served
  const stopped = new AbortController()
  const serving = serveStdio(served.eras, { ...options, signal: stopped.signal })
  const stop = async (): Promise<void> => {
    stopped.abort()
    await serving.finally(served.end)
  }
  careForProcess({ stop, report, onRejection })
  await serving.finally(served.end)
  process.exit(0)
}

/** Where a part cannot begin, those before it are ended: what is left open would hold the process. */
async function begin(served: Served): Promise<void> {
  await served.begin().catch((problem: unknown) => endAfter(problem, served))
}

async function endAfter(problem: unknown, { end, report }: Served): Promise<never> {
  await end().catch((other: Error) => report(other, { during: 'the end after a failed start' }))
  throw problem
}

function surroundings(): Surroundings {
  const process: unknown = Reflect.get(globalThis, 'process')
  if (typeof process === 'object' && process !== null && 'argv' in process && 'env' in process) {
    return process as unknown as Surroundings // Node, Bun and Deno have both as arrays and records of strings
  }
  throw new FastMCPError('SETTING', 'run() needs Node, Bun or Deno. On other runtimes serve `mcp.fetch`')
}
