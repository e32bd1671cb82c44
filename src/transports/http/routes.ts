import type { Reply } from '../../eras/exchange.ts'
import { FastMCPError } from '../../protocol/errors.ts'
import { type Cors, createCors } from './cors.ts'
import { hostCheck, LOOPBACK_HOSTS, originCheck } from './guard.ts'
import type { HttpOptions, HttpRequest } from './options.ts'
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
const HEALTHY: Reply = { status: 200, body: '{"status":"healthy"}', headers: { 'Cache-Control': 'no-store' } }
const NOT_FOUND = refusal(404, 'Nothing is served at this path')
const NO_UPGRADE = refusal(400, 'Connections are not upgraded here')
const NOT_ALLOWED = (verbs: string) => refusal(405, 'This method is not served at this path', { Allow: verbs })

/**
 * Makes the routes of a server. Host and Origin are judged before anything else, so that a page
 * that lies about them learns nothing, not even which paths exist.
 */
export function createRoutes(options: HttpOptions, boundHosts: readonly string[] = []): Routes {
  const path = pathOf(options.path ?? '/mcp')
  const cors = createCors(options.cors ?? [])
  const listed = options.allowedHosts ?? (options.allowPublic ? 'any' : [...LOOPBACK_HOSTS, ...boundHosts])
  const checkHost = hostCheck(listed)
  const checkOrigin = originCheck(options.allowedOrigins, options.cors ?? [])
  const healthPath = options.health === false ? undefined : HEALTH_PATH
  const verbs = cors.active ? 'GET, POST, DELETE, OPTIONS' : 'GET, POST, DELETE'
  const wrongVerb = NOT_ALLOWED(verbs)
  const wrongHealthVerb = NOT_ALLOWED('GET, HEAD')

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
      if (found !== healthPath) return NOT_FOUND
      return verb === 'GET' || verb === 'HEAD' ? HEALTHY : wrongHealthVerb
    },
  }
}

/** The path of a request target; an absolute one must name the very host that `Host` names (RFC 9112, 3.2.2). */
function originForm(target: string, host: string | undefined): string {
  const own = `http://${host}`
  return target.startsWith(`${own}/`) ? target.slice(own.length) : target
}

function pathOf(path: string): string {
  if (/^\/[A-Za-z0-9\-._~/]*$/.test(path) && path !== HEALTH_PATH) return path
  throw new FastMCPError('SETTING', `path: "${path}" must start with "/", hold plain characters and not be "/health"`)
}
