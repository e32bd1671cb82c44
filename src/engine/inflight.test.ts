import { describe, expect, it, vi } from 'vitest'
import { Inflight } from './inflight.ts'

describe('Inflight', () => {
  it('cancels one request once and tells every listener', () => {
    const inflight = new Inflight()
    const heard = vi.fn()
    inflight.begin(1).onCancel(heard)
    inflight.cancel(1)
    inflight.cancel(1)
    expect(heard).toHaveBeenCalledTimes(1)
  })

  it('refuses an id that is in flight, and takes it again afterwards', () => {
    const inflight = new Inflight()
    inflight.begin('a')
    expect(() => inflight.begin('a')).toThrow('already in flight')
    inflight.end('a')
    expect(() => inflight.begin('a')).not.toThrow()
  })

  it('holds "1" and 1 apart, and ignores ids it does not know', () => {
    const inflight = new Inflight()
    const text = inflight.begin('1')
    const number = inflight.begin(1)
    inflight.cancel('1')
    inflight.cancel('unknown')
    expect([text.reason !== undefined, number.reason !== undefined]).toEqual([true, false])
  })

  it('cancels everything when the peer is gone', () => {
    const inflight = new Inflight()
    const all = [1, 2, 3].map((id) => inflight.begin(id))
    inflight.cancelAll(new Error('gone'))
    expect(all.every(({ reason }) => reason?.message === 'gone')).toBe(true)
  })
})
