import type { Transport } from '@modelcontextprotocol/client'
import type { Auth } from '../engine/auth.ts'
import { LOOPBACK, type Loopback } from '../protocol/loopback.ts'
import { MOST_BYTES } from './bounded.ts'
import { type Command, parseCommand } from './command.ts'
import { ClientError } from './errors.ts'
import { HttpTransport } from './http.ts'
import { LoopbackTransport } from './loopback.ts'
import type { ConnectOptions } from './options.ts'
import type { Pipes } from './pipes.ts'

/** A server in this process, such as a `FastMCP` instance. */
export interface ServerObject {
  [LOOPBACK](options: { readonly auth?: Auth }): Loopback
}

/** A server at an address. */
export interface Remote {
  readonly url: string
  readonly headers?: Readonly<Record<string, string>>
}

/** The common configuration file of MCP hosts: servers by name. */
export interface Config {
  readonly mcpServers: Readonly<Record<string, Command | Remote>>
}

/** Where a server is: an http(s) address, a command line, a command, a server object, two streams, or a config. */
export type Target = string | URL | Command | ServerObject | Pipes | Config

/** A transport, and how a process behind it ended, where there is one. */
export type Line = Transport & { readonly ended?: string | undefined }

/** Makes a fresh transport to the same server each time it is called. */
export type Dial = () => Promise<Line> | Line

/** Tells what a target is and how to reach it. Throws `BAD_TARGET` with what would work. */
export function dialTo(target: Target, options: ConnectOptions): Dial {
  if (typeof target === 'string')
    return isAddress(target) ? remote(target, options) : command(parseCommand(target), options)
  if (target instanceof URL) return remote(target.href, options)
  if (typeof target !== 'object' || target === null) throw unusable(`a ${typeof target}`)
  if (LOOPBACK in target) return loopback(target, options)
  if ('command' in target) return command(target, options)
  if ('mcpServers' in target) return configured(target, options)
  if ('input' in target && 'output' in target) return piped(target)
  throw unusable(`an object with the members ${Object.keys(target).slice(0, 5).join(', ') || '(none)'}`)
}

function unusable(what: string): ClientError {
  const known = 'an http(s) URL, a command such as "node server.js", a server object or a config with mcpServers'
  return new ClientError('BAD_TARGET', `Cannot connect to ${what}: give ${known}`)
}

function isAddress(text: string): boolean {
  return /^[a-z][a-z0-9+.-]*:\/\//i.test(text)
}

function remote(address: string, options: ConnectOptions): Dial {
  const url = URL.canParse(address) ? new URL(address) : undefined
  if (!url || !/^https?:$/.test(url.protocol)) throw unusable(`"${address}"`)
  const { headers = {}, fetch = globalThis.fetch } = options
  return () => new HttpTransport(url, { headers, fetch, mostBytes: MOST_BYTES })
}

function command(target: Command, { stderr = 'inherit', graceTimeout = 2_000 }: ConnectOptions): Dial {
  if (typeof target.command !== 'string' || target.command === '') throw unusable('a command without a program')
  return async () => {
    // Only here: a browser or a worker that talks HTTP must not load Node's modules.
    const { ChildTransport } = await import('./child.ts')
    return new ChildTransport(target, { stderr, graceMs: graceTimeout })
  }
}

function piped(pipes: Pipes): Dial {
  return async () => {
    const { PipeTransport } = await import('./pipes.ts')
    return new PipeTransport(pipes)
  }
}

function loopback(server: ServerObject, { auth }: ConnectOptions): Dial {
  return () => new LoopbackTransport(server[LOOPBACK](auth === undefined ? {} : { auth }))
}

function configured({ mcpServers }: Config, options: ConnectOptions): Dial {
  const servers = Object.entries(mcpServers)
  const [first, ...others] = servers
  if (!first) throw unusable('a config without servers')
  if (others.length > 0) {
    const names = servers.map(([name]) => name).join(', ')
    throw new ClientError(
      'BAD_TARGET',
      `The config names ${servers.length} servers (${names}): keep one, or connect to each`,
    )
  }
  const [, server] = first
  if ('command' in server) return command(server, options)
  return remote(server.url, { ...options, headers: { ...server.headers, ...options.headers } })
}
