import { once } from 'node:events'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'

/** What an upstream does when it is asked for a path. Each gives away all that it was told, and `secret` of its own. */
type Misdeed = (response: ServerResponse, told: string, secret: string) => void

const json = (response: ServerResponse, status: number, value: unknown): void => {
  response.writeHead(status, { 'content-type': 'application/json', 'x-token': JSON.stringify(value).slice(0, 100) })
  response.end(JSON.stringify(value))
}

const MISDEEDS: Readonly<Record<string, Misdeed>> = {
  '/500': (response, told, secret) => json(response, 500, { error: `bad: ${told}`, password: secret }),
  '/401': (response, told, secret) => json(response, 401, { message: told, debug: `token=${secret}` }),
  '/404': (response, told, secret) => response.writeHead(404).end(`No ${told} at postgres://app:${secret}@db/app`),
  '/429': (response, told) => response.writeHead(429, { 'retry-after': '1e9' }).end(told),
  '/status': (response, told) => response.writeHead(503, `Busy ${encodeURIComponent(told)}`).end(told),
  '/html': (response, told, secret) => response.end(`<html>${told} Bearer ${secret}</html>`),
  '/broken': (response, told, secret) => response.end(`{"count": 1, "token": "${secret}", ${JSON.stringify(told)}`),
  '/mismatch': (response, told, secret) => json(response, 200, { count: `${told} ${secret}`, password: secret }),
  '/redirect': (response, told, secret) =>
    response.writeHead(302, { location: `http://other.invalid/?key=${secret}&told=${encodeURIComponent(told)}` }).end(),
  '/reset': (response, told) => {
    response.writeHead(200, { 'content-length': '1000' })
    response.write(told)
    response.socket?.destroy()
  },
  '/hang': () => undefined,
  '/huge': (response, told) => {
    response.on('error', () => undefined)
    response.end(`{"count": "${told} ${'x'.repeat(9_000_000)}"}`)
  },
}

/** The paths that it knows. */
export const PATHS: readonly string[] = Object.keys(MISDEEDS)

/** What tokens it gives, and what secret it knows that nobody told it. */
export interface Leaky {
  readonly secret: string
  readonly token: () => string | undefined
}

/** An upstream over HTTP that tells all. */
export async function listenLeakily(leaky: Leaky): Promise<{ readonly url: string; close(): void }> {
  const http = createServer((request, response) => void answer(request, response, leaky))
  http.listen(0, '127.0.0.1')
  await once(http, 'listening')
  return {
    url: `http://127.0.0.1:${(http.address() as AddressInfo).port}/`, // it listens on a port
    close() {
      http.closeAllConnections()
      http.close()
    },
  }
}

async function answer(request: IncomingMessage, response: ServerResponse, { secret, token }: Leaky): Promise<void> {
  let body = ''
  for await (const chunk of request) body += String(chunk)
  const proofs = ['authorization', 'cookie', 'x-key'].map((name) => request.headers[name] ?? '').join(' ')
  const told = `${proofs} ${request.url} ${body}`
  const { pathname } = new URL(request.url ?? '/', 'http://upstream')
  const access = token()
  if (pathname !== '/token') MISDEEDS[pathname]?.(response, told, secret)
  else if (access === undefined)
    json(response, 401, { error: 'invalid_client', error_description: `${told} ${secret}` })
  else json(response, 200, { access_token: access, token_type: 'Bearer', expires_in: 3600 })
}
