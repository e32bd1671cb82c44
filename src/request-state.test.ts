import { afterEach, describe, expect, it, vi } from 'vitest'
import { FastMCP } from './index.ts'
import { createReplicaWarning, requestStateFrom } from './request-state.ts'

afterEach(() => void vi.unstubAllEnvs())

const [A, B] = ['a'.repeat(32), 'b'.repeat(40)]

describe('keys for request state', () => {
  it('come from the option, or else from the environment', () => {
    vi.stubEnv('FASTMCP_STATE_KEYS', ` ${A}, ${B},`)
    expect(requestStateFrom()).toEqual({ keys: [A, B] })
    expect(requestStateFrom({ keys: [B], ttlMs: 5 })).toEqual({ keys: [B], ttlMs: 5 })
  })

  it('are none where none are set', () => {
    vi.stubEnv('FASTMCP_STATE_KEYS', undefined)
    expect(requestStateFrom({})).toEqual({ keys: [] })
  })

  it('that are too short are refused, and never shown', () => {
    vi.stubEnv('FASTMCP_STATE_KEYS', `${A},canary`)
    expect(() => new FastMCP({ name: 's', version: '1' })).toThrow(
      /^FASTMCP_STATE_KEYS: key 2 has 6 bytes; .*at least 32$/,
    )
    expect(() => requestStateFrom({ keys: [new Uint8Array(31)] })).toThrow('requestState.keys: key 1 has 31 bytes')
    expect(requestStateFrom({ keys: ['ä'.repeat(16)] })).toEqual({ keys: ['ä'.repeat(16)] })
  })

  it('are kept for a time that is one', () => {
    for (const ttlMs of [0, -1, Number.NaN]) expect(() => requestStateFrom({ ttlMs })).toThrow('ttlMs')
  })
})

describe('the warning of replicas that know nothing of each other', () => {
  it('comes once, when others reach the server', () => {
    const told: string[] = []
    const reached = createReplicaWarning({}, ({ message }) => void told.push(message))
    for (const host of ['127.0.0.1', 'localhost', '::1', '[::1]', '127.8.8.8']) reached(host)
    expect(told).toEqual([])
    for (const host of ['0.0.0.0', 'tools.example.com']) reached(host)
    expect(told).toEqual([expect.stringContaining('FASTMCP_STATE_KEYS')])
  })

  it('does not come where keys are set', () => {
    const told: string[] = []
    createReplicaWarning({ keys: [A] }, ({ message }) => void told.push(message))('0.0.0.0')
    expect(told).toEqual([])
  })

  it('comes by the way that a server is reached', async () => {
    const told: string[] = []
    const onError = ({ message }: Error) => void told.push(message)
    const local = new FastMCP({ name: 's', version: '1', onError })
    const open = new FastMCP({ name: 's', version: '1', onError, http: { allowedHosts: ['tools.example.com'] } })
    await local.fetch(new Request('http://localhost/mcp'))
    await (await local.listen({ port: 0 })).close()
    expect(told).toEqual([])
    await open.fetch(new Request('https://tools.example.com/mcp'))
    await open.fetch(new Request('https://tools.example.com/mcp'))
    expect(told).toHaveLength(1)
    const bound = new FastMCP({ name: 's', version: '1', onError, http: { allowedHosts: ['tools.example.com'] } })
    await (await bound.listen({ port: 0, host: '0.0.0.0' })).close()
    expect(told).toHaveLength(2)
  })
})
