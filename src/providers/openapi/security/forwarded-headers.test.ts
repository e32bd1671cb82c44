import { describe, expect, it } from 'vitest'
import { originOf } from '../../../../tests/kit/origin.ts'
import { contextOf } from '../../../engine/backstage.ts'
import { forwardedHeaders } from './forwarded-headers.ts'

/** What of the caller's headers is handed on beside these. */
function handOn(names: readonly string[] | undefined, theirs: Readonly<Record<string, string>>, given = {}) {
  const context = contextOf(originOf({ header: (name) => theirs[name], headers: () => theirs }))
  const headers = new Headers(given)
  forwardedHeaders(names)?.(headers, context)
  return Object.fromEntries(headers)
}

const theirs = {
  authorization: 'Bearer canary',
  cookie: 'sid=canary',
  host: 'mcp.example.com',
  'accept-language': 'eo',
  'x-tenant': 'acme',
  'x-trace': 'a\r\nx-evil: 1',
}

describe('headers of the caller', () => {
  it('are not handed on by themselves', () => {
    expect(handOn(undefined, theirs)).toEqual({})
    expect(handOn([], theirs)).toEqual({})
    expect(forwardedHeaders([])).toBeUndefined()
  })

  it('are handed on by name, in any case, and win over what stands there', () => {
    expect(handOn(['X-Tenant', 'Accept-Language', 'x-other'], theirs, { 'x-tenant': 'evil' })).toEqual({
      'x-tenant': 'acme',
      'accept-language': 'eo',
    })
  })

  it('are left out where no header can hold them', () => expect(handOn(['x-trace'], theirs)).toEqual({}))

  it('are none where nobody calls', () => {
    const headers = new Headers()
    forwardedHeaders(['x-tenant'])?.(headers, undefined)
    expect([...headers]).toEqual([])
  })

  it.each([
    'Authorization',
    'cookie',
    'proxy-authorization',
    'x-api-key',
    'X-Auth-Token',
    'x-session',
    'mcp-session-id',
  ])('are not handed on where they may prove who calls: %s', (name) =>
    expect(() => forwardedHeaders([name])).toThrow(/^forwardHeaders: /),
  )

  it.each([
    'host',
    'connection',
    'content-length',
    'transfer-encoding',
    'upgrade',
    'te',
    'mcp-method',
    'mcp-param-x',
    'origin',
    'content-type',
    'accept',
    'accept-encoding',
    'expect',
    'forwarded',
    'x-forwarded-for',
    'X-Forwarded-Host',
    'x-real-ip',
    'cf-connecting-ip',
    'via',
    'proxy-connection',
    '',
    'a b',
    'a:b',
    'x\r\ny',
  ])('are not handed on where they are about the connection, or none: %j', (name) =>
    expect(() => forwardedHeaders([name])).toThrow(/is not a header that can go along|may carry/),
  )
})
