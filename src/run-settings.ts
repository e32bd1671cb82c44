import { FastMCPError } from './protocol/errors.ts'

/** How a server is run. What is left out comes from flags, then the environment, then the defaults. */
export interface RunOptions {
  /** `stdio` unless something names a port or `http`. Flag `--transport`, environment `FASTMCP_TRANSPORT`. */
  readonly transport?: 'stdio' | 'http'
  /** Flag `--host`, environment `FASTMCP_HOST`; default 127.0.0.1. */
  readonly host?: string
  /** 0 takes a free one. Flag `--port`, environment `FASTMCP_PORT` or `PORT`; default 8000. */
  readonly port?: number
  /** Of the MCP endpoint. Flag `--path`, environment `FASTMCP_PATH`; default `/mcp`. */
  readonly path?: string
}

/** Where to serve, with nothing left open. */
export type RunSettings =
  | { readonly transport: 'stdio' }
  | { readonly transport: 'http'; readonly host: string; readonly port: number; readonly path: string }

/** What a process offers to read settings from. */
export interface Surroundings {
  readonly argv: readonly string[]
  readonly env: Readonly<Record<string, string | undefined>>
}

const FLAGS = ['transport', 'host', 'port', 'path'] as const
type Flag = (typeof FLAGS)[number]

/**
 * Works out how to run: an option wins over a flag, a flag over the environment. A port alone,
 * from wherever, means HTTP. Throws `FastMCPError` naming the setting that cannot be.
 */
export function readRunSettings(options: RunOptions, { argv, env }: Surroundings): RunSettings {
  const flags = readFlags(argv)
  const host = options.host ?? flags.host ?? env.FASTMCP_HOST
  const port = options.port ?? flags.port ?? env.FASTMCP_PORT ?? env.PORT
  const path = options.path ?? flags.path ?? env.FASTMCP_PATH
  const transport =
    options.transport ?? flags.transport ?? env.FASTMCP_TRANSPORT ?? (port === undefined ? 'stdio' : 'http')
  if (transport === 'stdio') return { transport }
  if (transport !== 'http') throw new FastMCPError('SETTING', `transport must be "stdio" or "http", not "${transport}"`)
  return { transport, host: host ?? '127.0.0.1', port: portOf(port ?? 8000), path: pathOf(path ?? '/mcp') }
}

/** Reads `--flag value` and `--flag=value`; whatever else is there is somebody else's. */
function readFlags(argv: readonly string[]): Partial<Record<Flag, string>> {
  const found: Partial<Record<Flag, string>> = {}
  for (const [index, word] of argv.entries()) {
    for (const flag of FLAGS) {
      if (word.startsWith(`--${flag}=`)) found[flag] = word.slice(flag.length + 3)
      const value = argv[index + 1]
      if (word === `--${flag}` && value !== undefined) found[flag] = value
    }
  }
  return found
}

function portOf(port: string | number): number {
  const number = typeof port === 'number' ? port : /^\d{1,5}$/.test(port) ? Number(port) : Number.NaN
  if (Number.isInteger(number) && number >= 0 && number <= 65_535) return number
  throw new FastMCPError('SETTING', `port must be a number from 0 to 65535, not "${port}"`)
}

function pathOf(path: string): string {
  if (/^\/[A-Za-z0-9\-._~/]*$/.test(path)) return path
  throw new FastMCPError('SETTING', `path must start with "/" and hold plain characters, not "${path}"`)
}
