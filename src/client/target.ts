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
import type { Post } from './post.ts'
import { withinOrigin } from './redirects.ts'

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
export interface Config<Name extends string = string> {
  readonly mcpServers: Readonly<Record<Name, Command | Remote>>
}

/** Where one server is: an http(s) address, a command line, a command, a server object, or two streams. */
export type SingleTarget = string | URL | Command | ServerObject | Pipes

/** Where servers are: one of them, or those that a config names. */
export type Target = SingleTarget | Config

/** A transport, with what some of them can tell besides. */
export type Line = Transport & {
  /** How the process behind it ended, where there is one. */
  readonly ended?: string | undefined
  /** Sends one body by itself; left out where there is no such thing. */
  readonly post?: Post | undefined
  /** Settles once the server can tell what belongs to no request, or has said that it will not; left out, it can at once. */
  readonly standing?: Promise<void>
  /** Hears that the server has a new session, which knows nothing of the old one. */
  onrenewed?: () => void
}

/** A way to a server. */
export interface Dial {
  /** Makes a fresh transport each time. */
  readonly open: () => Promise<Line> | Line
  /** Where the server is, as far as a shared cache must tell it from others. */
  readonly place: string
  /** What goes along with every request. */
  readonly headers: Readonly<Record<string, string>>
}

/** Tells what a target is and how to reach it. Throws `BAD_TARGET` with what would work. */
export function dialTo(target: SingleTarget | Command | Remote, options: ConnectOptions): Dial {
  if (typeof target === 'string')
    return isAddress(target) ? remote({ url: target }, options) : command(parseCommand(target), options)
  if (target instanceof URL) return remote({ url: target.href }, options)
  if (typeof target !== 'object' || target === null) throw unusable(`a ${typeof target}`)
  if (LOOPBACK in target) return loopback(target, options)
  if ('command' in target) return command(target, options)
  if ('input' in target && 'output' in target) return piped(target)
  throw unusable(`an object with the members ${Object.keys(target).slice(0, 5).join(', ') || '(none)'}`)
}

/** The servers of a config, by name; undefined for any other target. Throws `BAD_TARGET` for what is none. */
export function dialsOf(target: Target, options: ConnectOptions): ReadonlyMap<string, Dial> | undefined {
  if (typeof target !== 'object' || target === null || !('mcpServers' in target)) return undefined
  const servers = Object.entries(target.mcpServers)
  if (servers.length === 0) throw unusable('a config without servers')
  return new Map(servers.map(([name, server]) => [name, dialOf(server, options)]))
}

/** Headers of a config are for its one server; those given for all of them win. */
function dialOf(server: Command | Remote, options: ConnectOptions): Dial {
  if ('command' in server) return command(server, options)
  return remote(server, { ...options, headers: { ...server.headers, ...options.headers } })
}

function unusable(what: string): ClientError {
  const known = 'an http(s) URL, a command such as "node server.js", a server object or a config with mcpServers'
  return new ClientError('BAD_TARGET', `Cannot connect to ${what}: give ${known}`)
}

function isAddress(text: string): boolean {
  return /^[a-z][a-z0-9+.-]*:\/\//i.test(text)
}

function remote({ url: address }: Remote, options: ConnectOptions): Dial {
  const url = URL.canParse(address) ? new URL(address) : undefined
  if (!url || !/^https?:$/.test(url.protocol)) throw unusable(`"${address}"`)
  const { headers = {}, fetch: own = globalThis.fetch, authProvider, nameHeaders = {} } = options
  const fetch = options.redirects === 'same-origin' ? withinOrigin(own) : own
  const isPlain = options.fetch === undefined
  const limits = { nameHeaders, mostBytes: MOST_BYTES, onLetGo: options.onLetGo }
  const open = (): Line => new HttpTransport(url, { headers, fetch, isPlain, authProvider, ...limits })
  return { open, place: url.href, headers }
}

function command(target: Command, { stderr = 'inherit', graceTimeout = 2_000 }: ConnectOptions): Dial {
  if (typeof target.command !== 'string' || target.command === '') throw unusable('a command without a program')
  const open = async (): Promise<Line> => {
    // Only here: a browser or a worker that talks HTTP must not load Node's modules.
    const { ChildTransport } = await import('./child.ts')
    return new ChildTransport(target, { stderr, graceMs: graceTimeout })
  }
  return { open, place: JSON.stringify([target.command, target.args, target.env, target.cwd]), headers: {} }
}

function piped(pipes: Pipes): Dial {
  const open = async (): Promise<Line> => {
    const { PipeTransport } = await import('./pipes.ts')
    return new PipeTransport(pipes)
  }
  return { open, place: crypto.randomUUID(), headers: {} }
}

function loopback(server: ServerObject, { auth }: ConnectOptions): Dial {
  const open = (): Line => new LoopbackTransport(server[LOOPBACK](auth === undefined ? {} : { auth }))
  return { open, place: crypto.randomUUID(), headers: {} }
}
