import { describe, expect, it } from 'vitest'
import { encodingCheck, hostCheck, LOOPBACK_HOSTS, originCheck, typeCheck } from './guard.ts'

describe('hosts', () => {
  const check = hostCheck([...LOOPBACK_HOSTS, 'tools.example.com', 'other.example.com:8443'])

  it.each([
    'localhost',
    'localhost:8000',
    'LOCALHOST:8000',
    '127.0.0.1',
    '127.0.0.1:65535',
    '[::1]',
    '[::1]:8000',
    'tools.example.com',
    'tools.example.com:1',
    'other.example.com:8443',
  ])('lets %s in', (host) => {
    expect(check(host)).toBeUndefined()
  })

  it.each([
    'evil',
    'evil.example.com',
    'localhost.',
    'localhost.evil',
    '127.1',
    '127.0.0.2',
    '0x7f.1',
    '[::ffff:127.0.0.1]',
    'other.example.com',
    'other.example.com:8444',
    'constructor',
  ])('does not know %s', (host) => {
    expect(check(host)?.status).toBe(403)
  })

  it.each([
    undefined,
    '',
    ' ',
    'a b',
    'evil@localhost',
    'localhost/health?x=',
    'localhost#',
    'localhost:',
    'localhost:99999',
    'localhost:8000:8000',
    'localhost, localhost',
    '::1',
    '[::1',
    'http://localhost',
    'lócalhost',
    '-',
    `${'a'.repeat(300)}`,
    '\u0000',
  ])('finds %j malformed', (host) => {
    expect(check(host)?.status).toBe(400)
  })

  it('takes any well-formed one where the list is open, and still no malformed one', () => {
    const open = hostCheck('any')
    expect(open('whatever.example')).toBeUndefined()
    expect(open('a b')?.status).toBe(400)
  })

  it('stays right and quick through a flood of different hosts', () => {
    for (let i = 0; i < 100_000; i++) expect(check(`evil${i}.example`)?.status).toBe(403)
    expect(check('localhost:8000')).toBeUndefined()
  })

  it.each(['http://example.com', '*.example.com', 'a b', '', 'example.com/'])(
    'refuses to be set up with %j',
    (entry) => {
      expect(() => hostCheck([entry])).toThrow(/allowedHosts.*example\.com:8443/)
    },
  )
})

describe('origins', () => {
  it.each([undefined, 'http://localhost', 'http://localhost:6274', 'https://127.0.0.1:1', 'http://[::1]:3000'])(
    'lets %s in by default',
    (origin) => {
      expect(originCheck(undefined, [])(origin)).toBeUndefined()
    },
  )

  it.each([
    'null',
    '',
    'https://evil.example',
    'HTTP://LOCALHOST',
    'http://Localhost',
    'http://localhost.evil',
    'http://localhost:80@evil',
    'http://evil@localhost',
    'http://localhost/',
    'http://127.0.0.1.evil',
    'file://',
    'http://localhost:80, http://localhost:80',
  ])('refuses %j by default', (origin) => {
    expect(originCheck(undefined, [])(origin)?.status).toBe(403)
  })

  it('takes a list literally, and what scripts may read belongs to it', () => {
    const check = originCheck(['https://app.example.com'], ['https://lab.example.com'])
    expect(check('https://app.example.com')).toBeUndefined()
    expect(check('https://lab.example.com')).toBeUndefined()
    expect(check('https://app.example.com:443')?.status).toBe(403)
    expect(check('https://sub.app.example.com')?.status).toBe(403)
    expect(check('http://localhost')?.status).toBe(403)
  })

  it.each(['*', 'null', 'https://app.example.com/', 'app.example.com'])('refuses to be set up with %j', (entry) => {
    expect(() => originCheck([entry], [])).toThrow(/not an origin/)
  })
})

describe('content', () => {
  it.each([
    'application/json',
    'Application/JSON',
    'application/json; charset=utf-8',
    'application/json;charset=UTF-8',
    'application/json; charset="utf-8"',
  ])('takes %s', (type) => {
    expect(typeCheck(type)).toBeUndefined()
  })

  it.each([
    undefined,
    '',
    'text/plain',
    'application/jsonx',
    'application/json\ta',
    'application/json; charset=utf-16',
    'application/json; charset=utf-8; x=y',
    'application/json, application/json',
    'application/json;',
    ' application/json',
    'multipart/form-data; boundary=application/json',
  ])('refuses %j', (type) => {
    expect(typeCheck(type)?.status).toBe(415)
  })

  it('takes no compressed body', () => {
    expect(encodingCheck(undefined)).toBeUndefined()
    expect(encodingCheck('identity')).toBeUndefined()
    for (const encoding of ['gzip', 'br', 'identity, gzip', Array(5000).fill('gzip').join(', ')]) {
      expect(encodingCheck(encoding)?.status).toBe(415)
    }
  })
})
