import fc from 'fast-check'
import { describe, expect, it, vi } from 'vitest'
import { FastMCPError } from '../protocol/errors.ts'
import { mapConcurrent } from './map-concurrent.ts'

/** Work whose items end when they are told to. */
function gates<T>() {
  const open = new Map<T, (problem?: Error) => void>()
  const work = (item: T): Promise<T> =>
    new Promise((resolve, reject) => {
      open.set(item, (problem) => (problem === undefined ? resolve(item) : reject(problem)))
    })
  const end = async (item: T, problem?: Error): Promise<void> => {
    const gate = open.get(item)
    open.delete(item)
    gate?.(problem)
    await settled()
  }
  return { work, end, running: () => [...open.keys()] }
}

const settled = (): Promise<void> => new Promise((resolve) => setImmediate(resolve))

describe('mapConcurrent', () => {
  it('gives what came of each item, in order', async () => {
    const problem = new Error('odd one')
    const outcomes = await mapConcurrent([1, 2, 3], (n) => {
      if (n === 2) throw problem
      return n * 10
    })
    expect(outcomes).toEqual([
      { ok: true, value: 10 },
      { ok: false, error: problem },
      { ok: true, value: 30 },
    ])
  })

  it('works on so many at a time, and begins the next when one has ended', async () => {
    const { work, end, running } = gates<number>()
    const done = mapConcurrent([1, 2, 3, 4], work, { concurrency: 2 })
    await settled()
    expect(running()).toEqual([1, 2])
    await end(2)
    expect(running()).toEqual([1, 3])
    await end(1, new Error('no'))
    expect(running()).toEqual([3, 4])
    await end(4)
    await end(3)
    expect((await done).map(({ ok }) => ok)).toEqual([false, true, true, true])
  })

  it('keeps order and bound, whatever takes how long', async () => {
    const items = fc.array(fc.record({ turns: fc.nat(5), fails: fc.boolean() }), { maxLength: 60 })
    await fc.assert(
      fc.asyncProperty(items, fc.integer({ min: 1, max: 12 }), async (batch, concurrency) => {
        let running = 0
        let most = 0
        const outcomes = await mapConcurrent(
          batch,
          async ({ turns, fails }, { index }) => {
            most = Math.max(most, ++running)
            for (let turn = 0; turn < turns; turn++) await Promise.resolve()
            running--
            if (fails) throw new Error(`${index}`)
            return index
          },
          { concurrency },
        )
        expect(most).toBeLessThanOrEqual(concurrency)
        expect(outcomes).toEqual(
          batch.map(({ fails }, index) =>
            fails ? { ok: false, error: new Error(`${index}`) } : { ok: true, value: index },
          ),
        )
      }),
      { numRuns: 200 },
    )
  })

  it('tells how far it is', async () => {
    const onProgress = vi.fn()
    await mapConcurrent(new Set(['a', 'b']), (item) => item, { onProgress })
    expect(onProgress.mock.calls).toEqual([
      [1, 2],
      [2, 2],
    ])
    await mapConcurrent(
      (function* () {
        yield 1
      })(),
      (item) => item,
      { onProgress },
    )
    expect(onProgress).toHaveBeenLastCalledWith(1, undefined)
  })

  it('takes no more items than it works on', async () => {
    let taken = 0
    let isClosed = false
    async function* endless(): AsyncGenerator<number> {
      try {
        for (;;) yield ++taken
      } finally {
        isClosed = true
      }
    }
    const abort = new AbortController()
    const { work, end, running } = gates<number>()
    const done = mapConcurrent(endless(), work, { concurrency: 3, signal: abort.signal })
    await settled()
    expect(running()).toEqual([1, 2, 3])
    await end(1)
    expect(taken).toBe(4)
    abort.abort(new Error('enough'))
    await expect(done).rejects.toThrow('enough')
    await settled()
    expect(isClosed).toBe(true)
    await end(2)
    expect(taken).toBe(4)
  })

  it('asks a source for one item at a time', async () => {
    let asked = 0
    let most = 0
    const source = {
      [Symbol.asyncIterator]: () => ({
        count: 0,
        async next() {
          most = Math.max(most, ++asked)
          await settled()
          asked--
          return this.count++ < 6
            ? { done: false as const, value: this.count }
            : { done: true as const, value: undefined }
        },
      }),
    }
    const outcomes = await mapConcurrent(source, (item) => item, { concurrency: 4 })
    expect(most).toBe(1)
    expect(outcomes.map((outcome) => outcome.ok && outcome.value)).toEqual([1, 2, 3, 4, 5, 6])
  })

  it('fails where the source does, and begins nothing more', async () => {
    function* broken(): Generator<number> {
      yield 1
      throw new Error('no more rows')
    }
    const work = vi.fn()
    await expect(mapConcurrent(broken(), work)).rejects.toThrow('no more rows')
    expect(work).toHaveBeenCalledOnce()
  })

  it('ends at once when aborted, and tells the items that are worked on', async () => {
    const abort = new AbortController()
    const signals: AbortSignal[] = []
    const done = mapConcurrent(
      [1, 2, 3],
      (_, { signal }) => {
        signals.push(signal)
        return new Promise<never>(() => undefined)
      },
      { concurrency: 2, signal: abort.signal },
    )
    await settled()
    abort.abort(new Error('left'))
    await expect(done).rejects.toThrow('left')
    expect(signals.map(({ aborted }) => aborted)).toEqual([true, true])
  })

  it('gives each item a signal of its own, also one that looks at it late', async () => {
    const abort = new AbortController()
    const added = vi.spyOn(abort.signal, 'addEventListener')
    const places: { readonly signal: AbortSignal }[] = []
    const done = mapConcurrent(
      Array.from({ length: 50 }),
      (_, place) => {
        places.push(place)
        if (place.index < 49) place.signal.throwIfAborted()
        return new Promise<never>(() => undefined)
      },
      { concurrency: 50, signal: abort.signal },
    )
    await settled()
    abort.abort(new Error('left'))
    await expect(done).rejects.toThrow('left')
    expect(new Set(places.map(({ signal }) => signal)).size).toBe(50)
    expect(places.every(({ signal }) => signal.reason === abort.signal.reason)).toBe(true)
    expect(added).toHaveBeenCalledOnce()
  })

  it('tells items that are worked on when the batch fails', async () => {
    let signal: AbortSignal | undefined
    async function* broken(): AsyncGenerator<number> {
      yield 1
      await settled()
      throw new Error('no more rows')
    }
    const work = (_: number, place: { readonly signal: AbortSignal }): Promise<never> => {
      signal = place.signal
      return new Promise(() => undefined)
    }
    await expect(mapConcurrent(broken(), work, { concurrency: 2 })).rejects.toThrow('no more rows')
    expect(signal?.reason).toMatchObject({ message: 'no more rows' })
  })

  it('lets every item ask, and leads out of the handler in the end', async () => {
    const asked: number[] = []
    const done = mapConcurrent([1, 2, 3], (item) => {
      asked.push(item)
      throw new FastMCPError('INPUT_REQUIRED', 'asking')
    })
    await expect(done).rejects.toMatchObject({ code: 'INPUT_REQUIRED' })
    expect(asked).toEqual([1, 2, 3])
  })

  it('gives an empty list for no items', async () => {
    expect(await mapConcurrent([], () => 1)).toEqual([])
  })

  it.each([0, -1, 1.5, Number.NaN, Number.POSITIVE_INFINITY])('refuses concurrency %d', async (concurrency) => {
    await expect(mapConcurrent([1], () => 1, { concurrency })).rejects.toMatchObject({ code: 'SETTING' })
  })
})
