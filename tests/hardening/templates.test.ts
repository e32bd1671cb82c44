import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { FastMCP } from '../../src/index.ts'
import type { RawAnswer } from '../kit/raw-socket.ts'
import {
  expectDiscreet,
  expectServing,
  failureOf,
  plain,
  post,
  postModern,
  startTarget,
  type Target,
} from './hostile.ts'

let target: Target
beforeAll(async () => {
  target = await startTarget()
  target.mcp.resource('notes://{path*}', { mimeType: 'text/plain' }, ({ path }) => path)
})
afterAll(() => target.stop())
afterEach(async () => {
  expect(target.reported).toEqual([])
  await expectServing(target)
})

const read = (uri: unknown): Promise<RawAnswer> => postModern(target.port, 'resources/read', { params: { uri } })
const readBefore = (uri: unknown): Promise<RawAnswer> => post(target.port, plain('resources/read', { uri }))

describe('TPL-04: a scheme that nobody registered', () => {
  it.each([
    'javascript:alert(1)',
    'JavaScript:alert(1)',
    'java\tscript:alert(1)',
    'data:text/html,<script>alert(1)</script>',
    'file:///etc/passwd',
    'file:/etc/passwd',
    'FILE://localhost/etc/passwd',
    'http://169.254.169.254/latest/meta-data',
    'vbscript:x',
    'blob:null/x',
    'notes:a',
    'x-notes://a',
    '//etc/passwd',
    '/etc/passwd',
    '',
  ])('%j is no resource, in either era', async (uri) => {
    const answer = await read(uri)
    expect(failureOf(answer).code).toBe(-32602)
    expectDiscreet(answer)
    // What revisions before 2026-07-28 call an unknown resource.
    expect([-32002, -32602]).toContain(failureOf(await readBefore(uri)).code)
  })

  it('is not taken for another by its case, and one that is registered is served', async () => {
    expect(failureOf(await read('NOTES://a')).code).toBe(-32602)
    expect(JSON.parse((await read('notes://a/b')).body).result.contents).toMatchObject([{ text: 'a/b' }])
  })

  it('cannot be left open by a template', () => {
    const mcp = new FastMCP({ name: 'open', version: '1' })
    for (const uri of ['{scheme}://x', '{+uri}', '{uri*}']) {
      expect(() => mcp.resource(uri, {}, () => '')).toThrow(/begins with a scheme/)
    }
  })

  it.each([7, null, {}, ['notes://a']])('a URI must be a text, and %j is none', async (uri) => {
    expect(failureOf(await read(uri)).code).toBe(-32602)
  })
})

describe('TPL-01: a template over the wire', () => {
  it.each([
    '../etc/passwd',
    'a/../../etc/passwd',
    '..%2f..%2fetc%2fpasswd',
    '%252e%252e%252fetc',
    '%2fetc/passwd',
    'C:%5Cwindows',
    '%5C%5Cserver%5Cshare',
    '~root/x',
    'a%00b',
    '%EF%BC%8E%EF%BC%8E/etc',
  ])('%s leads nowhere', async (path) => {
    expect(failureOf(await read(`notes://${path}`)).code).toBe(-32602)
  })

  it('is no other resource by its case or its normal form', async () => {
    const text = async (path: string): Promise<unknown> =>
      JSON.parse((await read(`notes://${path}`)).body).result.contents[0].text
    expect(await text('Caf%C3%A9')).toBe('Caf\u00e9')
    expect(await text('caf%C3%A9')).toBe('caf\u00e9')
    expect(await text('Cafe%CC%81')).toBe('Cafe\u0301')
  })
})
