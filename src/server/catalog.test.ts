import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Tool } from '../components/component.ts'
import type { Provider } from '../providers/provider.ts'
import { createCatalog } from './catalog.ts'

const view = { auth: undefined, sessionId: undefined }

function tools(names: readonly string[]): readonly Tool[] {
  return names.map((name) => ({
    kind: 'tool',
    id: name,
    definition: { name, inputSchema: { type: 'object' } },
    tags: [],
    call: () => ({ content: [] }),
  }))
}

function listing(names: () => readonly Tool[]): Provider {
  return {
    list: ((kind: string) => (kind === 'tool' ? names() : [])) as unknown as Provider['list'],
    find: () => undefined,
    onChange: () => () => undefined,
  }
}

async function walk(provider: Provider, size: number, between: () => void = () => undefined): Promise<string[]> {
  const catalog = createCatalog(provider, size)
  const seen: string[] = []
  let cursor: string | undefined
  do {
    const page = await catalog.page('tool', view, cursor)
    seen.push(...(page.tools as { name: string }[]).map(({ name }) => name))
    cursor = page.nextCursor
    between()
  } while (cursor !== undefined)
  return seen
}

describe('catalog', () => {
  it('shows every component once, in order, at any page size', async () => {
    const names = fc.uniqueArray(fc.string({ minLength: 1 }), { maxLength: 30 })
    await fc.assert(
      fc.asyncProperty(names, fc.integer({ min: 1, max: 10 }), async (all, size) => {
        const list = tools(all)
        expect(
          await walk(
            listing(() => list),
            size,
          ),
        ).toEqual(all)
      }),
    )
  })

  it('gives the same frozen page until the list changes', () => {
    let list = tools(['a', 'b'])
    const catalog = createCatalog(
      listing(() => list),
      10,
    )
    const first = catalog.page('tool', view, undefined)
    expect(catalog.page('tool', view, undefined)).toBe(first)
    expect(Object.isFrozen(first)).toBe(true)
    list = tools(['a', 'b', 'c'])
    expect(catalog.page('tool', view, undefined)).not.toBe(first)
  })

  it('goes on behind the last component seen when others come and go meanwhile', async () => {
    let list = tools(['a', 'b', 'c', 'd', 'e'])
    const seen = await walk(
      listing(() => list),
      2,
      () => {
        list = tools(['new', 'b', 'c', 'd', 'e'])
      },
    )
    expect(seen).toEqual(['a', 'b', 'c', 'd', 'e'])
  })

  const some = (most: number) => fc.array(fc.nat(), { maxLength: most })
  const none = fc.constant<number[]>([])

  it.each([
    ['comes and goes', { remove: some(12), insert: some(6), again: none }],
    ['is taken out and put in again at the end', { remove: none, insert: some(6), again: some(3) }],
  ])('leaves out nothing that stays and repeats nothing, whatever %s between pages', async (_, edit) => {
    const edits = fc.array(fc.record(edit), { maxLength: 8 })
    const counts = fc.tuple(fc.integer({ min: 0, max: 40 }), fc.integer({ min: 1, max: 7 }))
    await fc.assert(
      fc.asyncProperty(counts, edits, async ([count, size], all) => {
        let names = Array.from({ length: count }, (_, n) => `t${n}`)
        const stay = new Set(names)
        const take = (at: number): string[] => names.splice(names.length === 0 ? 0 : at % names.length, 1)
        const left = [...all]
        let fresh = 0
        const change = (): void => {
          names = [...names]
          const { remove = [], insert = [], again = [] } = left.shift() ?? {}
          for (const at of remove) for (const name of take(at)) stay.delete(name)
          for (const at of insert) names.splice(at % (names.length + 1), 0, `new${fresh++}`)
          for (const at of again) names.push(...take(at))
        }
        const provider = listing(() => tools(names))
        const seen = await walk(provider, size, change)
        expect(new Set(seen).size).toBe(seen.length)
        expect(seen).toEqual(expect.arrayContaining([...stay]))
      }),
      { numRuns: 300 },
    )
  })

  it.each(['', 'x', '%%%', btoa('[1]'), btoa('[-1,"a"]'), btoa('{}'), 'A'.repeat(20_000)])(
    'refuses the cursor %j',
    (cursor) => {
      const list = tools(['a'])
      expect(() =>
        createCatalog(
          listing(() => list),
          1,
        ).page('tool', view, cursor),
      ).toThrow(expect.objectContaining({ code: 'INVALID_PARAMS' }))
    },
  )
})
