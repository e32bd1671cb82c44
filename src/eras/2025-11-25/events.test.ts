import { describe, expect, it } from 'vitest'
import { ERA_OPTIONS } from '../era.ts'
import { EventStore, Shelf, StoredEvent, type Stream } from './events.ts'

const ROOMY = ERA_OPTIONS.events
const overhead = new StoredEvent({ lose: () => undefined }, 1, '').size

/** A stream that remembers what it lost. */
function stream() {
  const lost: number[] = []
  const self: Stream = { lose: ({ number }) => void lost.push(number) }
  return { lost, event: (number: number, text = 'x') => new StoredEvent(self, number, text) }
}

describe('the events of a session', () => {
  it('are bounded in number, and go oldest first', () => {
    const { lost, event } = stream()
    const shelf = new Shelf(new EventStore({ ...ROOMY, perSession: 3 }))
    for (let i = 1; i <= 5; i++) expect(shelf.keep(event(i))).toBe(true)
    expect(lost).toEqual([1, 2])
  })

  it('are bounded in bytes, and one that is larger than all room is not kept', () => {
    const { lost, event } = stream()
    const store = new EventStore({ ...ROOMY, bytesPerSession: 4 * overhead })
    const shelf = new Shelf(store)
    for (let i = 1; i <= 3; i++) shelf.keep(event(i))
    expect(shelf.keep(event(4, 'x'.repeat(4 * overhead)))).toBe(false)
    expect(lost).toEqual([])
    expect(shelf.keep(event(5, 'x'.repeat(2 * overhead)))).toBe(true)
    expect(lost).toEqual([1, 2, 3])
    expect(store.bytes).toBe(3 * overhead)
  })

  it('count as what they would be on the wire at most', () => {
    const { event } = stream()
    expect(event(1, 'abc').size).toBe(overhead + 3)
    expect(event(1, '中文😀').size).toBeGreaterThanOrEqual(overhead + new TextEncoder().encode('中文😀').length)
  })

  it('are gone when it closes, and it keeps no others', () => {
    const { lost, event } = stream()
    const store = new EventStore(ROOMY)
    const [shelf, other] = [new Shelf(store), new Shelf(store)]
    for (let i = 1; i <= 4; i++) (i % 2 === 0 ? shelf : other).keep(event(i))
    shelf.close()
    expect(lost).toEqual([2, 4])
    expect(shelf.keep(event(5))).toBe(false)
    expect(store.bytes).toBe(2 * (overhead + 1))
    other.close()
    expect(store.bytes).toBe(0)
  })
})

describe('the events of all sessions', () => {
  it('are bounded together: the oldest of all goes, whose ever it is', () => {
    const store = new EventStore({ ...ROOMY, bytes: 3 * (overhead + 1) })
    const mine = stream()
    const theirs = stream()
    const [shelf, other] = [new Shelf(store), new Shelf(store)]
    shelf.keep(mine.event(1))
    other.keep(theirs.event(1))
    shelf.keep(mine.event(2))
    other.keep(theirs.event(2))
    shelf.keep(mine.event(3))
    expect([mine.lost, theirs.lost]).toEqual([[1], [1]])
    other.close()
    shelf.keep(mine.event(4))
    expect([mine.lost, theirs.lost]).toEqual([[1], [1, 2]])
    expect(store.bytes).toBe(3 * (overhead + 1))
  })

  it('stay bounded through 100,000 sessions that keep something', () => {
    const store = new EventStore({ ...ROOMY, bytes: 1024 * 1024 })
    for (let i = 0; i < 100_000; i++) new Shelf(store).keep(stream().event(1, 'x'.repeat(1000)))
    expect(store.bytes).toBeLessThanOrEqual(1024 * 1024)
    expect(store.bytes).toBeGreaterThan(1024 * 1024 - 2000)
  })
})
