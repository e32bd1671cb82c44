import { expect, it } from 'vitest'
import type { OpenApiReport } from '../providers/openapi/index.ts'
import { showOpenApi } from './show-openapi.ts'

const output = { paint: (_: string, text: string): string => text, width: Number.POSITIVE_INFINITY }
const REPORT: OpenApiReport = {
  title: 'Shop',
  version: '2.0.0',
  taken: [
    { method: 'GET', path: '/items', type: 'tool', id: 'list_items', notes: [] },
    { method: 'PUT', path: '/a', type: 'tool', id: 'put_a', renamedFrom: 'put a', notes: ['one thing', 'another'] },
  ],
  excluded: [],
  skipped: [{ method: 'TRACE', path: '/a\u001b[31m', reason: 'TRACE cannot be sent' }],
  missingCredentials: ['key'],
  tokens: 321,
  advice: ['Give credentials'],
}

it('tells what came of a document, and what is to be known of its operations', () => {
  expect(showOpenApi(REPORT, { output, all: false })).toBe(`Shop 2.0.0
  2 operations, 1 left out, about 321 tokens for a model

Renamed (1)
  put_a  instead of put a  PUT /a

Left out (1)
  TRACE  /a\\u001b[31m  TRACE cannot be sent

Notes (1)
  put_a  one thing
         another

Without credentials (1)
  key

Give credentials.`)
})

it('shows every operation where it is asked to, and long parts only then whole', () => {
  const taken = Array.from({ length: 25 }, (_, n) => ({
    method: 'GET' as const,
    path: `/p${n}`,
    type: 'tool' as const,
    id: `p${n}`,
    renamedFrom: `P ${n}`,
    notes: [],
  }))
  const some = showOpenApi({ ...REPORT, taken }, { output, all: false })
  expect(some).toContain('… and 5 more; --all shows them')
  expect(some).not.toContain('Operations')
  const whole = showOpenApi({ ...REPORT, taken }, { output, all: true })
  expect(whole).toContain('Operations (25)\n  p0   GET  /p0\n')
  expect(whole).not.toContain('more;')
})

it('tells once what is the same of many', () => {
  const skipped = Array.from({ length: 9 }, (_, n) => ({ method: 'GET', path: `/p${n}`, reason: 'no address' }))
  const taken = REPORT.taken.map((route) => ({ ...route, notes: ['the same'] }))
  const some = showOpenApi({ ...REPORT, taken: [...taken, ...taken], skipped }, { output, all: false })
  expect(some).toContain('Left out (9)\n  GET  /p0         no address\n')
  expect(some).toContain('  …    and 6 more  no address\n')
  expect(some).toContain('  and 1 more  the same\n')
  expect(showOpenApi({ ...REPORT, skipped }, { output, all: true })).toContain('/p8')
})

it('tells how to say here what a reason asks for', () => {
  const skipped = [{ method: 'GET', path: '/a', reason: 'The document does not say where the API is; give `baseUrl`' }]
  const hint = 'Here `baseUrl` is --base-url <url>'
  expect(showOpenApi({ ...REPORT, skipped }, { output, all: false })).toContain(`Give credentials.\n${hint}`)
  expect(showOpenApi(REPORT, { output, all: false })).not.toContain(hint)
})

it('says so where nothing is known but the name is missing', () => {
  const nothing = { ...REPORT, title: '', version: '', taken: [], skipped: [], missingCredentials: [], advice: [] }
  expect(showOpenApi({ ...nothing, tokens: 0 }, { output, all: true })).toBe(
    'An API without a name\n  0 operations, about 0 tokens for a model',
  )
})
