import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { fileURLToPath } from 'node:url'
import { FastMCP, refuse } from '@fastmcp/ts'
import { createTestClient } from '@fastmcp/ts/testing'
import { beforeEach, describe, expect, it, onTestFinished, vi } from 'vitest'
import { z } from 'zod'
import * as clients from '../../examples/guide/clients.ts'
import { mcp as press, printers, renderOne } from '../../examples/guide/extensions.ts'
import { readAll, mcp as shop } from '../../examples/guide/skills.ts'

/** A server with everything that the examples ask of one. */
function server(options: Partial<ConstructorParameters<typeof FastMCP>[0]> = {}): FastMCP {
  const mcp = new FastMCP({ name: 'house', version: '1.0.0', ...options })
  const input = z.object({ a: z.number(), b: z.number() })
  mcp.tool('add', { description: 'Adds', input }, ({ a, b }) => a + b)
  mcp.tool('visit', { description: 'Asks for everything' }, async (_, ctx) => {
    const [form, consent, { text }, roots] = await Promise.all([
      ctx.elicit('How many?', z.object({ guests: z.int() })),
      ctx.elicit('Look', { url: 'https://example.com/look' }),
      ctx.sample({ messages: 'Hello', maxTokens: 5 }),
      ctx.roots(),
    ])
    return { guests: form.action === 'accept' && form.content.guests, consent: consent.action, text, roots }
  })
  let reads = 0
  const cache = { ttlMs: 60_000, cacheScope: 'private' } as const
  mcp.resource('config://app', { cache }, (_, ctx) => `${ctx.auth?.subject ?? 'nobody'} ${++reads}`)
  return mcp
}

const listening = async (mcp: FastMCP) => {
  const { url, close } = await mcp.listen({ port: 0 })
  onTestFinished(close)
  return url
}

const bearer = (mark: string | undefined) => (mark === undefined ? undefined : { subject: mark.replace('Bearer ', '') })

describe('the page on clients', () => {
  beforeEach(() => {
    clients.shown.length = 0
  })

  it('connects and calls', async () => {
    const { tools, data } = await clients.connecting(await listening(server()))
    expect(tools.map(({ name }) => name)).toEqual(['add', 'visit'])
    expect(data).toBe(3)
    expect((await clients.atTerminal(server())).data).toBe(3)
  })

  it('answers the server', async () => {
    const { data } = await clients.answering(server())
    expect(data).toEqual({
      guests: 2,
      consent: 'accept',
      text: '1 messages in at most 5 tokens',
      roots: [{ uri: 'file:///home/ada/project' }],
    })
    expect(clients.shown).toEqual([
      { message: 'How many?', of: 'house', fields: ['guests'] },
      { message: 'Look', url: 'https://example.com/look' },
    ])
  })

  it('hears of changes', async () => {
    const mcp = server()
    const honored = await clients.hearing(mcp, async () => {
      mcp.tool('late', { description: 'Came later' }, () => 'late')
      mcp.changed('resource', 'config://app')
      await vi.waitFor(() => expect(clients.shown).toHaveLength(2))
    })
    expect(clients.shown).toContainEqual(['add', 'visit', 'late'])
    expect(clients.shown).toContainEqual('config://app')
    expect(honored).toEqual({ tools: true, resources: ['config://app'] })
  })

  it('keeps what is private apart', async () => {
    const url = await listening(server({ authenticate: (request) => bearer(request.header('authorization')) }))
    expect(await clients.sharing(url, { hers: 'alice', his: 'bob' })).toEqual(['alice 1', 'alice 1', 'bob 2'])
  })

  it('calls several servers', async () => {
    const url = await listening(server({ authenticate: (request) => bearer(request.header('authorization')) }))
    const files = fileURLToPath(new URL('../fixtures/program.mjs', import.meta.url))
    const said = vi.spyOn(console, 'log').mockImplementation(() => undefined)
    const { isGroup, tools } = await clients.several({ url, token: 'ops', files })
    said.mockRestore()
    expect(isGroup).toBe(true)
    expect(tools.map(({ name }) => name)).toEqual(expect.arrayContaining(['github_add', 'github_visit']))
    expect(new Set(tools.map(({ server }) => server))).toEqual(new Set(['github', 'files']))
  })

  it('gets a token for its credentials', async () => {
    const expectedIssuer = await authorizationServer({ robot: 'secret' })
    const resource = { metadata: '' }
    const mcp = server({
      authenticate: (request) =>
        request.header('authorization') === 'Bearer for robot'
          ? { subject: 'robot' }
          : refuse(401, { headers: { 'WWW-Authenticate': `Bearer resource_metadata="${resource.metadata}"` } }),
    })
    const url = await listening(mcp)
    resource.metadata = `${expectedIssuer}/resource?of=${encodeURIComponent(url)}`
    const { data } = await clients.credentials(url, { clientId: 'robot', clientSecret: 'secret', expectedIssuer })
    expect(data).toBe(3)
  })
})

/** The least that an authorization server must be. */
async function authorizationServer(secrets: Readonly<Record<string, string>>): Promise<string> {
  let issuer = ''
  const answers = new Map<string, (query: URLSearchParams, authorization: string) => unknown>([
    ['/resource', (query) => ({ resource: query.get('of'), authorization_servers: [issuer] })],
    [
      '/.well-known/oauth-authorization-server',
      () => ({
        issuer,
        authorization_endpoint: `${issuer}/authorize`,
        token_endpoint: `${issuer}/token`,
        response_types_supported: ['code'],
        code_challenge_methods_supported: ['S256'],
        grant_types_supported: ['client_credentials'],
        token_endpoint_auth_methods_supported: ['client_secret_basic'],
      }),
    ],
    [
      '/token',
      (_, authorization) => {
        const [name = '', secret] = atob(authorization.replace('Basic ', '')).split(':')
        return secrets[name] === secret ? { access_token: `for ${name}`, token_type: 'Bearer', expires_in: 60 } : {}
      },
    ],
  ])
  const http = createServer((request, response) => {
    const { pathname, searchParams } = new URL(request.url ?? '/', issuer)
    const answer = answers.get(pathname)?.(searchParams, request.headers.authorization ?? '')
    response.writeHead(answer === undefined ? 404 : 200, { 'content-type': 'application/json' })
    response.end(JSON.stringify(answer ?? {}))
  })
  await new Promise<void>((resolve) => http.listen(0, '127.0.0.1', resolve))
  onTestFinished(() => new Promise<void>((resolve) => http.close(() => resolve())))
  issuer = `http://127.0.0.1:${(http.address() as AddressInfo).port}` // it listens on a port
  return issuer
}

describe.each(['stateless', 'stateful'] as const)('the pages on extensions in the %s era', (era) => {
  it('an extension of your own', async () => {
    const client = await createTestClient(press, { era, extensions: { 'com.example/reports': {} } })
    expect(printers.open).toBe(1)
    const { content } = await client.callTool('print')
    expect(content).toContainEqual({ type: 'resource_link', uri: 'report://last', name: 'print' })
    const { url } = await client.request<{ url: string }>('reports/render', { id: 'q1' })
    expect(url).toBe('https://example.com/reports/q1.pdf')
    await client.close()
    await press.close()
    expect(printers.open).toBe(0)
  })

  it('skills', async () => {
    const said = vi.spyOn(console, 'log').mockImplementation(() => undefined)
    const client = await createTestClient(shop, { era })
    onTestFinished(() => client.close())
    const { body, letter, inFolder } = await readAll(client)
    expect(said.mock.calls.map(([name]) => name).toSorted()).toEqual(['git-workflow', 'refunds'])
    said.mockRestore()
    expect(body).toContain('# Refunds')
    expect(letter).toMatchObject({ verified: true, text: expect.stringContaining('Dear customer') })
    expect(inFolder.map(({ name }) => name).toSorted()).toEqual(['examples', 'refunds'])
  })
})

it('the extension as a client meets it over HTTP', async () => {
  const { formats, url } = await renderOne(await listening(press))
  expect({ formats, url }).toEqual({ formats: ['pdf', 'html'], url: 'https://example.com/reports/q3.pdf' })
})
