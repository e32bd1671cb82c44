import { describe, expect, it } from 'vitest'
import { type Tally, Watcher } from './client.ts'
import { runIsolated } from './run.ts'

/** For the long form, see `npm run isolation`. */
const RESPONSES = Number(process.env.ISOLATION_RESPONSES ?? 20_000)

describe('500 clients at once, who count their requests alike', () => {
  it(`get ${RESPONSES} answers, and none that is another's`, { timeout: 60_000 + RESPONSES * 2 }, async () => {
    const { responses, notices, changes, crossings } = await runIsolated({ clients: 500, responses: RESPONSES })
    expect(crossings).toEqual([])
    expect(responses).toBeGreaterThanOrEqual(RESPONSES)
    expect(notices).toBeGreaterThan(RESPONSES / 10)
    expect(changes).toBeGreaterThan(RESPONSES / 100)
  })
})

describe('a client that watches', () => {
  const watch = (text: (tag: string) => string): readonly string[] => {
    const tally: Tally = { responses: 0, notices: 0, changes: 0, crossings: [] }
    const watcher = new Watcher(0, tally)
    watcher.read(text(watcher.tag))
    return tally.crossings
  }

  it('knows the tag of another when it sees one, and its own', () => {
    expect(watch(() => '{"result":{"subject":"tag-0123456789abcdef"}}')).toEqual([
      expect.stringContaining('the tag of another'),
    ])
    expect(watch((tag) => `{"result":{"subject":"${tag}"}}`)).toEqual([])
  })

  it('misses what it was to get', () => {
    const tally: Tally = { responses: 0, notices: 0, changes: 0, crossings: [] }
    new Watcher(0, tally).expect({ result: { structuredContent: { nonce: 'b' } } }, { nonce: 'a' })
    expect(tally.crossings).toEqual([expect.stringContaining('not the nonce')])
  })
})
