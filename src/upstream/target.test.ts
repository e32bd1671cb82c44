import fc from 'fast-check'
import { expect, it } from 'vitest'
import { ToolError } from '../protocol/errors.ts'
import { addressOf, readBaseUrl } from './target.ts'

const base = readBaseUrl('https://api.example.com/v1/tenant')

/** Text with what leads elsewhere in it more often than chance would have it. */
const tricky = fc
  .array(
    fc.oneof(
      fc.constantFrom(
        '..',
        '.',
        '/',
        '\\',
        '%2e',
        '%2E',
        '%2f',
        '%5c',
        '?',
        '#',
        '//',
        '@',
        ':',
        '://',
        '\t',
        '\n',
        '\u0000',
      ),
      fc.string({ unit: 'binary', maxLength: 5 }),
    ),
    { maxLength: 12 },
  )
  .map((parts) => parts.join(''))

/** The address, or undefined where it was refused with words. */
function attempt(path: string, params: Record<string, string> = {}): URL | undefined {
  try {
    return addressOf(base, { path, params })
  } catch (problem) {
    expect(problem).toBeInstanceOf(ToolError)
    return undefined
  }
}

function checkBelow(url: URL | undefined): void {
  if (url === undefined) return
  expect(url.origin).toBe('https://api.example.com')
  expect(url.pathname.startsWith('/v1/tenant/')).toBe(true)
  expect([url.search, url.hash, url.username, url.password]).toEqual(['', '', '', ''])
  // Nor where a server decodes before it looks for its way.
  const decoded = url.pathname.replace(/%2f|%5c/gi, '/').replace(/%2e/gi, '.')
  expect(new URL(decoded, 'https://x.example').pathname.startsWith('/v1/tenant/')).toBe(true)
}

it('no path leaves the base', () => {
  fc.assert(
    fc.property(tricky, (path) => checkBelow(attempt(path))),
    { numRuns: 2_000 },
  )
})

it('no value leaves its place in the path', () => {
  const check = (id: string): void => {
    const url = attempt('/users/{id}/posts', { id })
    checkBelow(url)
    if (url !== undefined) expect(url.pathname.split('/')).toHaveLength(6)
  }
  fc.assert(fc.property(tricky, check), { numRuns: 2_000 })
})

it('a value comes out as it went in', () => {
  const check = (id: string): void => {
    const segment = attempt('/users/{id}', { id })?.pathname.split('/').at(-1)
    if (segment !== undefined) expect(decodeURIComponent(segment)).toBe(id)
  }
  fc.assert(fc.property(tricky, check))
})
