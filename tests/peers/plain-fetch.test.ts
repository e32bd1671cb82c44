import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { serveLibrary } from './serve-library.ts'

let library: Awaited<ReturnType<typeof serveLibrary>>

beforeAll(async () => {
  library = await serveLibrary()
})
afterAll(async () => {
  await library.stop()
})

const post = (body: unknown, headers: Record<string, string> = {}): Promise<Response> =>
  fetch(library.url, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: JSON.stringify(body),
  })

describe('a plain POST with no handshake', () => {
  it.each<[string, Record<string, string>]>([
    ['no Accept header of its own', {}],
    ['what curl sends', { accept: '*/*' }],
    ['what the specification asks for', { accept: 'application/json, text/event-stream' }],
  ])('lists the tools: %s', async (_, headers) => {
    const response = await post({ jsonrpc: '2.0', id: 1, method: 'tools/list' }, headers)
    expect(response.status).toBe(200)
    expect(response.headers.get('content-type')).toMatch(/^application\/json/)
    const { id, result } = await response.json()
    expect(id).toBe(1)
    expect(result.tools.map(({ name }: { name: string }) => name)).toEqual(['add', 'count', 'lend', 'wait'])
  })

  it('calls a tool, reads a resource and gets a prompt', async () => {
    const ask = async (method: string, params: object) => {
      const response = await post({ jsonrpc: '2.0', id: 'x', method, params })
      return (await response.json()).result
    }
    expect(await ask('tools/call', { name: 'add', arguments: { a: 1, b: 2 } })).toMatchObject({
      content: [{ text: '{"sum":3}' }],
    })
    expect(await ask('resources/read', { uri: 'books://7' })).toMatchObject({ contents: [{ text: 'Book 7' }] })
    expect(await ask('prompts/get', { name: 'recommend', arguments: { genre: 'drama' } })).toHaveProperty('messages')
  })
})

it('GET /health answers', async () => {
  expect((await fetch(new URL('/health', library.url))).status).toBe(200)
})
