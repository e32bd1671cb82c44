import { expect, it } from 'vitest'
import { copyDocument } from './copy-document.ts'
import { parseDocument } from './parse-document.ts'

const MIB = 2 ** 20

/** The reading of a text as far as its limits: what follows works on the copy. */
async function taken(text: string): Promise<unknown> {
  return copyDocument(await parseDocument(text), MIB)
}

it('reads JSON at once', () => {
  expect(parseDocument(' {"a": 1}')).toEqual({ a: 1 })
})

it('reads YAML as JSON could say it', async () => {
  const text =
    'a: &a {x: 1, y: 2}\nb:\n  <<: *a\n  y: 3\n3: 0x10\nwhen: 2020-01-01\nno: no\n__proto__: {z: 1}\nc: *a\nc: !odd t\nn: .nan'
  const value = await taken(text)
  expect(value).toEqual({ a: { x: 1, y: 2 }, b: { x: 1, y: 3 }, 3: 16, when: '2020-01-01', no: 'no', c: 't', n: null })
})

it.each([
  ['{"a": 1,}', 'is no JSON'],
  ['a: b: c', 'at line 1'],
  ['ok: 1\na: [1', 'at line 2'],
  ['a: 1\n---\nb: 2', 'more than one document'],
  ['a: &a [*a]', 'alias *a without an anchor'],
  ['? {a: 1}\n: 2', 'a YAML key that is no text'],
  [`a: &a {}\nb: [${'*a,'.repeat(101)}]`, 'more than 100 times'],
  ['<html>', 'is a web page'],
  ['', 'must be an object'],
  ['hello', 'must be an object'],
])('says what is wrong with %j', async (text, problem) => {
  await expect(taken(text)).rejects.toThrow(problem)
})

const bomb = 'a: &a [1,1,1,1,1,1,1,1,1]\n'.concat(
  ...[...'bcdefghi'].map((name, index) => `${name}: &${name} [${`*${'abcdefgh'[index]},`.repeat(9)}]\n`),
)
const keys = (name: string): string => Array.from({ length: 2_000 }, (_, index) => `${name}${index}: 1`).join(', ')

it.each([
  ['aliases of aliases', bomb],
  ['brackets', `a: ${'['.repeat(200_000)}`],
  ['keys that are maps of maps', `a: ${'{'.repeat(900)}${'}'.repeat(900)}`],
  ['quotes', `a: ${'"'.repeat(100_001)}`],
  ['brackets that nothing opened', 'a: 1\n'.concat(']'.repeat(100_000))],
  ['directives', `${'%X y\n'.repeat(100_000)}---\na: 1`],
  ['block sequences', `${'- '.repeat(50_000)}x`],
  [
    'merged maps',
    `a0: &a0 {${keys('x')}}\n${Array.from({ length: 5_000 }, (_, index) => `a${index + 1}: &a${index + 1} {<<: *a${index}}`).join('\n')}`,
  ],
])('gives up on a bomb of %s', async (_, text) => {
  const start = process.cpuUsage()
  await expect(taken(text)).rejects.toMatchObject({ code: 'OPENAPI_DOCUMENT' })
  expect(process.cpuUsage(start).user / 1_000).toBeLessThan(3_000)
})
