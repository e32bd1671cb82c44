import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { overlap, shapeOf } from './uri-overlap.ts'
import { compileTemplate } from './uri-template.ts'

const both = (one: string, other: string): boolean[] => [
  overlap(shapeOf(one), shapeOf(other)),
  overlap(shapeOf(other), shapeOf(one)),
]

describe('two templates', () => {
  it.each([
    ['users://{id}', 'users://{name}'],
    ['users://{id}', 'users://me-{rest}'],
    ['a://{x}/b/{y}', 'a://c/{z}/d'],
    ['files://{path*}', 'files://{dir}/{name}'],
    ['files://{+path}', 'files://readme'],
    ['files://{name}.{ext}', 'files://{name}'],
    ['a://x{?lang}', 'a://x{?page}'],
    ['a://x?kind=a', 'a://x{?kind}'],
    ['a://x?kind={kind}', 'a://x?kind=b'],
    ['a://{x}{;v}', 'a://{y}'],
    ['a://x#{part}', 'a://x#top'],
  ])('%s and %s match some URI both', (one, other) => {
    expect(both(one, other)).toEqual([true, true])
  })

  it.each([
    ['users://{id}', 'teams://{id}'],
    ['users://{id}', 'users://{id}/profile'],
    ['a://{x}/b', 'a://{x}/c'],
    ['a://pre-{x}', 'a://post-{x}'],
    ['a://x?kind=a', 'a://x?kind=b'],
    ['a://x?kind=a', 'a://x{?lang}'],
    ['a://x?kind={kind}', 'a://x'],
    ['a://x#{part}', 'a://x'],
    ['files://{name}.md', 'files://{name}.txt'],
  ])('%s and %s do not', (one, other) => {
    expect(both(one, other)).toEqual([false, false])
  })

  it('are never said to differ when a URI shows that they do not', () => {
    const part = fc.constantFrom('a', 'b', '/', '.', '{x}', '{y}', '{+z}')
    const template = fc.array(part, { minLength: 1, maxLength: 6 }).map((parts) => `t://${parts.join('')}`)
    const text = fc.array(fc.constantFrom('a', 'b', '/', '.'), { maxLength: 8 }).map((parts) => `t://${parts.join('')}`)
    fc.assert(
      fc.property(template, template, text, (one, other, uri) => {
        const made = [one, other].flatMap((each) =>
          attempt(() => compileTemplate(each, { unscreened: ['x', 'y', 'z'] })),
        )
        fc.pre(made.length === 2 && made.every(({ match }) => match(uri) !== undefined))
        expect(both(one, other)).toEqual([true, true])
      }),
      { numRuns: 150, maxSkipsPerRun: 1_000 },
    )
  })

  it('take no longer than they may, however long they are', () => {
    const long = (letter: string): string => `a://{x}${letter.repeat(4_000)}{y}`
    const started = performance.now()
    both(long('a'), long('aa'))
    expect(performance.now() - started).toBeLessThan(500)
  })
})

function attempt<T>(work: () => T): T[] {
  try {
    return [work()]
  } catch {
    return []
  }
}
