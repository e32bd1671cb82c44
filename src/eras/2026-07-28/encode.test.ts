import { describe, expect, it } from 'vitest'
import { ALL, application, type Json } from '../../../tests/kit/stateless.ts'
import type { CacheHint } from '../../engine/application.ts'
import type { AnyResult } from '../../engine/call.ts'
import { createEncoder } from './encode.ts'

const app = application()
const encode = createEncoder(app, ALL)
const serverInfo = { 'io.modelcontextprotocol/serverInfo': { name: 'server', version: '2.0.0' } }

function encoded(method: string, result: object): Json {
  return JSON.parse(String(encode(method, result as AnyResult)))
}

describe('the text of a result', () => {
  it('says that it is complete and who the server is', () => {
    expect(encoded('tools/call', { content: [] })).toEqual({ content: [], resultType: 'complete', _meta: serverInfo })
    expect(encoded('completion/complete', {})).toEqual({ resultType: 'complete', _meta: serverInfo })
    expect(encoded('prompts/get', { description: undefined })).toEqual({ resultType: 'complete', _meta: serverInfo })
  })

  it('carries a cache hint where the revision wants one, and nowhere else', () => {
    const hinted = ['tools/list', 'prompts/list', 'resources/list', 'resources/templates/list']
    for (const method of hinted) expect(encoded(method, {})).toMatchObject({ ttlMs: 60_000, cacheScope: 'private' })
    expect(encoded('resources/read', { contents: [] })).toMatchObject({ ttlMs: 0, cacheScope: 'private' })
    for (const method of ['tools/call', 'prompts/get', 'completion/complete']) {
      expect(encoded(method, { serverInfo: 1 })).toEqual({ serverInfo: 1, resultType: 'complete', _meta: serverInfo })
    }
  })

  it('never gives a lifetime that is no whole number of milliseconds', () => {
    for (const ttlMs of [-1, 0.5, Number.NaN, Number.POSITIVE_INFINITY]) {
      const hint: CacheHint = { ttlMs, cacheScope: 'public' }
      const text = String(createEncoder({ ...app, cacheHint: () => hint }, ALL)('tools/list', { tools: [] }))
      expect(JSON.parse(text)).toMatchObject({ ttlMs: 0, cacheScope: 'public' })
    }
  })

  it('keeps the metadata of the result and signs it itself', () => {
    const _meta = {
      'com.example/trace': 'abc',
      'io.modelcontextprotocol/serverInfo': { name: 'someone', version: 'else' },
    }
    expect(encoded('tools/call', { content: [], _meta })._meta).toEqual({ 'com.example/trace': 'abc', ...serverInfo })
  })

  it('names each member once, even when the result brings one of ours', () => {
    const text = String(encode('tools/list', { tools: [], ttlMs: 5, resultType: 'zzz' } as unknown as AnyResult))
    expect(text.match(/"ttlMs"/g)).toHaveLength(1)
    expect(JSON.parse(text)).toMatchObject({ ttlMs: 60_000, resultType: 'complete' })
  })

  it('offers every revision of the server in a discovery and moves the identity to `_meta`', () => {
    const described = { serverInfo: app.identity, capabilities: { tools: {} }, instructions: 'Ask.' }
    expect(encoded('server/discover', described)).toEqual({
      supportedVersions: ALL,
      capabilities: { tools: {} },
      instructions: 'Ask.',
      resultType: 'complete',
      ttlMs: 60_000,
      cacheScope: 'private',
      _meta: serverInfo,
    })
  })

  it('is made once for a page that stays the same', () => {
    let made = 0
    const tool = { name: 'a', inputSchema: { type: 'object' }, toJSON: () => ({ made: ++made }) }
    const page = Object.freeze({ tools: [tool] }) as unknown as AnyResult
    expect(encode('tools/list', page)).toBe(encode('tools/list', page))
    expect(made).toBe(1)
    encode('tools/list', Object.freeze({ tools: [tool] }) as unknown as AnyResult)
    expect(made).toBe(2)
  })

  it('refuses what is no JSON object', () => {
    const endless: Json = {}
    endless.endless = endless
    for (const wrong of [{ n: 1n }, endless, [], undefined, null, 'text']) {
      expect(() => encode('tools/call', wrong as unknown as AnyResult)).toThrow(TypeError)
    }
  })
})
