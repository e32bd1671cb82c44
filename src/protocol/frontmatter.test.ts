import { describe, expect, it } from 'vitest'
import { parseFrontmatter, readManifest } from './frontmatter.ts'

describe('a file with frontmatter', () => {
  it('is facts in YAML, and markdown behind them', () => {
    expect(readManifest('---\nname: refunds\ntags: [a, b]\nmetadata:\n  version: "2.1"\n---\n\n# Refunds\n')).toEqual({
      frontmatter: { name: 'refunds', tags: ['a', 'b'], metadata: { version: '2.1' } },
      body: '\n# Refunds\n',
    })
  })

  it('may come from anywhere: with a byte order mark, with other line ends, with nothing behind it', () => {
    expect(readManifest('\ufeff---\r\nname: a\r\n---\r\nBody')).toEqual({ frontmatter: { name: 'a' }, body: 'Body' })
    expect(readManifest('---\nname: a\n---')).toEqual({ frontmatter: { name: 'a' }, body: '' })
    expect(readManifest('---\nname: |\n  ---\n  x\n--- \nbody').frontmatter).toEqual({ name: '---\nx\n' })
  })

  it.each(['', '# Refunds', 'name: a', '---\nname: a\n', '---\nname: a\n----\n', ' ---\nname: a\n---\n'])(
    'is not %j',
    (text) => expect(() => readManifest(text)).toThrow('begin the file with YAML between two lines of "---"'),
  )
})

describe('frontmatter', () => {
  it('is YAML 1.2: what looks like a date or an old boolean is text', () => {
    expect(parseFrontmatter('day: 2024-01-01\non: yes\noctal: 012\nnothing: ~\nlarge: 1e3')).toEqual({
      day: '2024-01-01',
      on: 'yes',
      octal: 12,
      nothing: null,
      large: 1000,
    })
  })

  it.each([
    ['a list', '- a', 'must be keys with values'],
    ['nothing', '', 'must be keys with values'],
    ['the same key twice', 'a: 1\na: 2', 'must be unique'],
    ['bad indentation', '\ta: 1', 'is not YAML'],
    ['two documents', 'a: 1\n---\nb: 1', 'is not YAML'],
    ['no number', 'a: {b: .nan}', 'something that JSON has not at a.b'],
    ['bytes', 'a: !!binary aGk=', 'something that JSON has not at a'],
    ['a time', 'a: !!timestamp 2024-01-01', 'something that JSON has not at a'],
    ['a prototype', '__proto__: {a: 1}', '__proto__'],
    ['itself', 'a: &a\n  b: *a', 'nests deeper'],
    ['a text without end', `a: ${'x'.repeat(70_000)}`, 'longer than 65536'],
  ])('cannot be %s', (_, yaml, words) => {
    expect(() => parseFrontmatter(yaml)).toThrow(expect.objectContaining({ message: expect.stringContaining(words) }))
  })

  it.each([
    ['brackets without end', `a: ${'['.repeat(30_000)}`],
    ['keys without end', Array.from({ length: 10_000 }, (_, n) => `k${n}: v`).join('\n')],
    ['members without end', `a: {${'b,'.repeat(30_000)}}`],
    ['depth', Array.from({ length: 350 }, (_, n) => `${' '.repeat(n)}a:`).join('\n')],
    [
      'aliases of aliases',
      `a: &a [x,x,x,x,x,x,x,x,x]\n${[...'bcdefghij'].map((key, n) => `${key}: &${key} [${Array(9).fill(`*${'abcdefghij'[n]}`).join(',')}]`).join('\n')}`,
    ],
  ])('is refused soon for %s', (_, yaml) => {
    const started = performance.now()
    expect(() => parseFrontmatter(yaml)).toThrow(expect.objectContaining({ code: 'FRONTMATTER' }))
    expect(performance.now() - started).toBeLessThan(200)
  })
})
