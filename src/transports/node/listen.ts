import type { IncomingMessage, Server, ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { Eras } from '../../eras/negotiate.ts'
import { FastMCPError } from '../../protocol/errors.ts'
import { isLoopback } from '../http/loopback.ts'
import type { HttpOptions, HttpParts } from '../http/options.ts'
import { prepareSite } from '../http/site.ts'
import { Acceptor } from './accepting.ts'
import { boundHosts, urlHost } from './address.ts'
import { answerBroken } from './broken.ts'
import { Desk } from './desk.ts'
import { connectionsOf, drain } from './drain.ts'
import { NodeExchange } from './exchange.ts'
import { admit } from './intake.ts'

const { createServer } = process.getBuiltinModule('node:http')

/** Where and how Node listens. Bytes, or milliseconds where the name ends in `Ms`. */
export interface ListenOptions extends HttpOptions {
  /** Default 127.0.0.1: only this machine reaches it. */
  readonly host?: string | undefined
  /** Default 8000; 0 takes a free one. */
  readonly port?: number | undefined
  /** How long work in flight may go on after `close`. Default 10 s. */
  readonly drainMs?: number | undefined
  /** Until the head of a request is complete. Default 10 s. */
  readonly headersMs?: number | undefined
  /** How long a connection is kept between requests. Default 5 s; set it above your load balancer's. */
  readonly keepAliveMs?: number | undefined
}

/** A server that listens. */
export interface Listening {
  /** Of the MCP endpoint, for a client. */
  readonly url: string
  readonly host: string
  readonly port: number
  /** Stops accepting, lets work in flight end within `drainMs`, then closes what is left. Idempotent. */
  close(): Promise<void>
  /** Resolves once it is closed, by whomever. */
  readonly closed: Promise<void>
}

const HEADER_BYTES = 16 * 1024
const SWEEP_MS = 5_000

/**
 * Serves the eras over HTTP on Node. Rejects when the port is taken, and when the host is
 * reachable from other machines while neither `authenticate` nor `allowedHosts` protects it.
 *
 * @example
 * const listening = await listen(eras, { port: 8000 })
 * console.error(`MCP at ${listening.url}`)
 */
export async function listen(eras: Eras, options: ListenOptions = {}, parts: HttpParts = {}): Promise<Listening> {
  const host = options.host ?? '127.0.0.1'
  if (!isLoopback(host)) refuseUnprotected(host, options)
  const desk = new Desk(eras, prepareSite(options, { ...parts, boundHosts: boundHosts(host) }))
  const server = createStrictServer(desk, options)
  const sockets = connectionsOf(server)
  await bind(server, host, options.port ?? 8000)

  const { port } = server.address() as AddressInfo // a listening TCP server has no other kind of address
  const acceptor = new Acceptor(server, { host, port, report: desk.site.report })
  let closing: Promise<void> | undefined
  return {
    closed: acceptor.closed,
    url: `http://${urlHost(host)}:${port}${desk.site.routes.path}`,
    host,
    port,
    close() {
      acceptor.stop()
      closing ??= drain({ server, desk, sockets }, options.drainMs ?? 10_000)
      return closing
    },
  }
}

/**
 * Serves the eras from a Node server of your own, with its time-outs and parser settings.
 *
 * @example
 * createServer(nodeHandler(eras, { path: '/mcp' })).listen(8000, '127.0.0.1')
 */
export function nodeHandler(
  eras: Eras,
  options: HttpOptions = {},
): (req: IncomingMessage, res: ServerResponse) => void {
  const desk = new Desk(eras, prepareSite(options))
  return (request, response) => admit(new NodeExchange(desk, request, response, false))
}

function createStrictServer(desk: Desk, options: ListenOptions): Server {
  const headersMs = options.headersMs ?? 10_000
  const limits = {
    insecureHTTPParser: false,
    // Without one our own check answers, as it does for a malformed one.
    requireHostHeader: false,
    maxHeaderSize: HEADER_BYTES,
    headersTimeout: headersMs,
    requestTimeout: headersMs + desk.site.limits.bodyMs,
    connectionsCheckingInterval: Math.min(SWEEP_MS, headersMs),
    keepAliveTimeout: options.keepAliveMs ?? 5_000,
  }
  const server = createServer(limits)
  server.on('request', (request, response) => admit(new NodeExchange(desk, request, response, false)))
  server.on('checkContinue', (request, response) => admit(new NodeExchange(desk, request, response, true)))
  server.on('clientError', (problem, socket) => answerBroken(problem, socket, desk))
  return server
}

function bind(server: Server, host: string, port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    const fail = (cause: NodeJS.ErrnoException): void => reject(explain(cause, host, port))
    server.once('error', fail)
    server.listen(port, host, () => {
      server.off('error', fail)
      resolve()
    })
  })
}

function explain(cause: NodeJS.ErrnoException, host: string, port: number): Error {
  const why: Record<string, string> = {
    EADDRINUSE: `Port ${port} on ${host} is taken. Choose another with --port, or 0 for any free one`,
    EACCES: `Port ${port} on ${host} needs rights that this process lacks. Choose one above 1023 with --port`,
    EADDRNOTAVAIL: `This machine has no address ${host}. Choose 127.0.0.1 with --host`,
    EMFILE: 'This process has too many files and sockets open. Raise its limit (ulimit -n)',
    ENFILE: 'This machine has too many files and sockets open',
    EAI_AGAIN: `The name of the host ${host} cannot be looked up now. Try again, or choose 127.0.0.1 with --host`,
    ENOTFOUND: `The host ${host} is not known. Choose 127.0.0.1 with --host`,
  }
  return new FastMCPError('LISTEN', why[cause.code ?? ''] ?? `Cannot listen on ${host}:${port}`, { cause })
}

function refuseUnprotected(host: string, options: HttpOptions): void {
  if (options.authenticate || options.allowedHosts || options.allowPublic) return
  const problem = `Listening on ${host} would let other machines in with nothing to keep them out.`
  const ways = 'Set authenticate, or allowedHosts, or host 127.0.0.1; allowPublic: true listens all the same.'
  throw new FastMCPError('SETTING', `${problem} ${ways}`)
}
