import { expect, it } from 'vitest'
import type { SecurityScheme } from '../routes/api.ts'
import { makeReport } from './make-report.ts'
import { noteOn } from './write-report.ts'

const schemes = new Map<string, SecurityScheme>([
  ['key', { type: 'apiKey', name: 'X-Key', in: 'header' }],
  ['my login', { type: 'oauth2' }],
  ['certificate', { type: 'mutualTLS' }],
  ['odd', { type: 'unknown' }],
])
const place = { method: 'GET', path: '/x' } as const
const taken = [{ ...place, type: 'resource', id: 'resource://x', notes: [] }] as const
const reportOf = (found: Partial<Parameters<typeof makeReport>[1]>) =>
  makeReport(
    { title: 'Shop', version: '1', schemes },
    { taken: [], excluded: [], skipped: [], missingCredentials: [], tools: [], ...found },
  )

it('advises credentials in the way that each of them can be given', () => {
  const { advice } = reportOf({ taken, missingCredentials: ['odd', 'key', 'my login', 'certificate', 'nowhere'] })
  expect(advice).toEqual([
    'Give credentials as auth: { key: …, "my login": … }',
    'Give a fetch that shows a certificate, for "certificate"',
    'The document does not explain "nowhere", "odd"; give what the API wants as headers or by fetch',
  ])
})

it('says so where there is nothing in a document, or nothing of it can be', () => {
  const empty = reportOf({})
  expect(empty.advice).toEqual(['The document has no operations'])
  expect(noteOn(empty)).toBe('openapi: of Shop 1, 0 operations are offered')
  expect(reportOf({ skipped: [{ ...place, reason: 'no' }] }).advice).toEqual([
    'Nothing of the document can be offered; see why',
  ])
})

it('has nothing to say where all is well, or left out by choice', () => {
  for (const report of [reportOf({ taken }), reportOf({ excluded: [place] })]) {
    expect(report.advice).toEqual([])
    expect(noteOn(report)).toBeUndefined()
  }
})
