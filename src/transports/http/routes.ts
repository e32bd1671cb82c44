import type { Reply } from '../../eras/exchange.ts'
import { FastMCPError } from '../../protocol/errors.ts'
import { type Cors, createCors } from './cors.ts'
import { hostCheck, LOOPBACK_HOSTS, originCheck } from './guard.ts'
import type { HttpOptions, HttpParts, HttpRequest } from './options.ts'
import { refusal } from './refusal.ts'

/** Who is let in and where to. */
export interface Routes {
  /** The MCP endpoint. */
  readonly path: string
  readonly cors: Cors
  /** The answer to a request that no era needs to see; undefined for one that goes on to the eras. */
  admit(request: HttpRequest): Reply | undefined
}

const HEALTH_PATH = '/health'
const READY_PATH = '/ready'
const UNKEPT = { 'Cache-Control': 'no-store' }
const HEALTHY: Reply = { status: 200, body: '{"status":"healthy"}', headers: UNKEPT }
const READY: Reply = { status: 200, body: '{"status":"ready"}', headers: UNKEPT }
const NOT_FOUND = refusal(404, 'Nothing is served at this path')
const NO_UPGRADE = refusal(400, 'Connections are not upgraded here')
const NOT_ALLOWED = (verbs: string) => refusal(405, 'This method is not served at this path', { Allow: verbs })

/**
 * Makes the routes of a server. Host and Origin are judged before anything else, so that a page
 * that lies about them learns nothing, not even which paths exist.
 */
export function createRoutes(options: HttpOptions, parts: RouteParts = {}): Routes {
  const { boundHosts = [] } = parts
  const path = pathOf(options.path ?? '/mcp')
  const cors = createCors(options.cors ?? [])
  const listed = options.allowedHosts ?? (options.allowPublic ? 'any' : [...LOOPBACK_HOSTS, ...boundHosts])
  const checkHost = hostCheck(listed)
  const checkOrigin = originCheck(options.allowedOrigins, options.cors ?? [])
  const probes = options.health === false ? NO_PROBES : probesOf(parts)
  const verbs = cors.active ? 'GET, POST, DELETE, OPTIONS' : 'GET, POST, DELETE'
  const wrongVerb = NOT_ALLOWED(verbs)
  const wrongProbeVerb = NOT_ALLOWED('GET, HEAD')

  return {
    path,
    cors,
    admit(request) {
      const host = request.header('host')
      const refused = checkHost(host) ?? checkOrigin(request.header('origin'))
      if (refused !== undefined) return refused
      if (request.header('upgrade') !== undefined) return NO_UPGRADE
      const found = request.path === path ? path : originForm(request.path, host)
      const verb = request.method
      if (found === path) {
        if (verb === 'POST' || verb === 'GET' || verb === 'DELETE') return undefined
        return (verb === 'OPTIONS' ? cors.preflight(request) : undefined) ?? wrongVerb
      }
      const probe = probes.get(found)
      if (probe === undefined) return NOT_FOUND
      return verb === 'GET' || verb === 'HEAD' ? probe() : wrongProbeVerb
    },
  }
}

/** What routes are made of besides options. */
export interface RouteParts extends Pick<HttpParts, 'readiness'> {
  readonly boundHosts?: readonly string[]
}

type Probe = () => Reply

const NO_PROBES: ReadonlyMap<string, Probe> = new Map()

/** What orchestrators ask: whether to end this process, and whether to send it requests. */
function probesOf({ readiness }: RouteParts): ReadonlyMap<string, Probe> {
  const ready = (): Reply => {
    const { isReady, reasons } = readiness?.() ?? { isReady: true, reasons: [] }
    if (isReady) return READY
    const body = JSON.stringify({ status: 'unavailable', reasons })
    return { status: 503, body, headers: { ...UNKEPT, 'Retry-After': '1' } }
  }
  return new Map([
    [HEALTH_PATH, () => HEALTHY],
    [READY_PATH, ready],
  ])
}

/** The path of a request target; an absolute one must name the very host that `Host` names (RFC 9112, 3.2.2). */
function originForm(target: string, host: string | undefined): string {
  const own = `http://${host}`
  return target.startsWith(`${own}/`) ? target.slice(own.length) : target
}

function pathOf(path: string): string {
  if (/^\/[A-Za-z0-9\-._~/]*$/.test(path) && path !== HEALTH_PATH && path !== READY_PATH) return path
  const words = `path: "${path}" must start with "/", hold plain characters and not be "/health" or "/ready"`
  throw new FastMCPError('SETTING', words)
}
