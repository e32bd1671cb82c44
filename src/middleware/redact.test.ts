import { describe, expect, it } from 'vitest'
import { REDACTED } from '../protocol/secrets.ts'
import { createRedact } from './redact.ts'

const redact = createRedact()
const CANARY = 'c4n4ry-2f9d1e77'

describe('what is logged', () => {
  it.each([
    'Authorization',
    'cookie',
    'Set-Cookie',
    'access_token',
    'refreshToken',
    'client_secret',
    'apiKey',
    'X-Api-Key',
    'privateKey',
    'password',
    'PASSWD',
    'code',
    'state',
    'code_verifier',
    'credentials',
    'sessionId',
  ])('has no value of a member called %s', (name) => {
    expect(redact({ [name]: CANARY, other: 1 })).toEqual({ [name]: REDACTED, other: 1 })
    expect(JSON.stringify(redact({ deep: [{ [name]: { inner: CANARY } }] }))).not.toContain(CANARY)
  })

  it.each(['keywords', 'city', 'encoding', 'statement', 'postcode', 'country_code'])(
    'has the value of a member called %s',
    (name) => {
      expect(redact({ [name]: 'Oslo' })).toEqual({ [name]: 'Oslo' })
    },
  )

  it.each([
    `Bearer ${CANARY}`,
    `authorization: Basic ${CANARY}`,
    `eyJhbGciOiJIUzI1NiJ9.${CANARY}.sig`,
    `my key is sk-proj-${CANARY}`,
    `ghp_${CANARY.replaceAll('-', '')}`,
    `glpat-${CANARY}`,
    `xoxb-${CANARY}`,
    `https://ada:${CANARY}@example.com/x`,
    `https://example.com/cb?code=${CANARY}&x=1`,
    `https://example.com/?access_token=${CANARY}#top`,
    `{"client_secret": "${CANARY}"}`,
    `password = ${CANARY}`,
    `-----BEGIN RSA PRIVATE KEY-----\n${CANARY}\n`,
  ])('has no secret that a text shows by its form: %s', (text) => {
    expect(redact(text)).toContain(REDACTED)
    expect(JSON.stringify(redact({ note: text, list: [text] }))).not.toMatch(/c4n4ry-?2f9d1e77/)
  })

  it('leaves ordinary texts alone', () => {
    for (const text of [
      '',
      'Paris',
      'The state of the art is basic',
      'https://example.com/a?b=c',
      'users://7/profile',
    ]) {
      expect(redact(text)).toBe(text)
    }
  })

  it('leaves out what its author names, too', () => {
    const own = createRedact({ keys: ['salary', 'a.b'], values: [/\bEMP-\d+/] })
    expect(own({ baseSalary: 10, note: 'EMP-17 and EMP-18', 'xa.by': 1, aXb: 2 })).toEqual({
      baseSalary: REDACTED,
      note: `${REDACTED} and ${REDACTED}`,
      'xa.by': REDACTED,
      aXb: 2,
    })
  })

  it('is bounded in length, breadth and depth', () => {
    const deep = (levels: number): unknown => (levels === 0 ? 'x' : [deep(levels - 1)])
    const wide = Object.fromEntries(Array.from({ length: 10_000 }, (_, index) => [`m${index}`, 'y'.repeat(1_000)]))
    for (const value of [
      deep(60),
      wide,
      Array(100_000).fill(wide),
      'z'.repeat(5_000_000),
      { ['k'.repeat(10_000)]: 1 },
    ]) {
      expect(JSON.stringify(redact(value)).length).toBeLessThan(8_000)
    }
    expect(redact('a'.repeat(300))).toBe(`${'a'.repeat(256)}… 44 more`)
    expect(redact(Array(22).fill(1))).toEqual([...Array(20).fill(1), '… 2 more'])
  })

  it('finds a secret that is longer than what is looked at', () => {
    expect(redact(`token=${CANARY}${'q'.repeat(10_000)}`)).not.toContain(CANARY)
  })

  it('takes no longer for texts made to be slow', () => {
    const begun = performance.now()
    for (const text of [
      'a-'.repeat(4_000),
      'key'.repeat(2_000),
      '://'.repeat(2_000),
      'eyJ'.repeat(2_000),
      `token${' '.repeat(4_000)}`,
    ]) {
      redact(text)
    }
    expect(performance.now() - begun).toBeLessThan(200)
  })

  it('takes any value, and members named like those of objects', () => {
    const odd = { __proto__: null, constructor: 1, toString: 'x', big: 1n, nothing: undefined, no: null }
    expect(JSON.parse(JSON.stringify(redact(odd)))).toEqual({ constructor: 1, toString: 'x', big: '1', no: null })
    expect(redact(JSON.parse('{"__proto__": {"polluted": 1}}'))).toEqual({ '(__proto__)': { polluted: 1 } })
    expect(Reflect.get({}, 'polluted')).toBeUndefined()
  })
})
