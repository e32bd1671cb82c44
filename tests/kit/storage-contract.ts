import { describe, expect, it } from 'vitest'
import type { Storage } from '../../src/storage/storage.ts'

/** What every storage must do, as tests; `passTime` lets time pass for it. */
export function describeStorage(
  name: string,
  create: () => Storage | Promise<Storage>,
  passTime: (ms: number) => Promise<void>,
): void {
  describe(`storage contract: ${name}`, () => {
    it('gives back what was set, bytes and all', async () => {
      const storage = await create()
      const value = {
        text: 'ä\u2028\u0000',
        n: -1.5,
        nothing: null,
        list: [true, [new Uint8Array([0, 255, 7])]],
        $bytes: 'mine',
        $$x: 1,
      }
      await storage.set('a', value)
      expect(await storage.get('a')).toEqual(value)
      await storage.set('bytes', new Uint8Array(70_000).fill(9))
      expect(await storage.get('bytes')).toEqual(new Uint8Array(70_000).fill(9))
      expect(await storage.get('b')).toBeUndefined()
    })

    it('keeps copies', async () => {
      const storage = await create()
      const value = { list: [1] }
      await storage.set('a', value)
      value.list.push(2)
      const read = await storage.get('a')
      expect(read).toEqual({ list: [1] })
      expect(await storage.get('a')).not.toBe(read)
    })

    it('ST-03: has no key that means something to objects', async () => {
      const storage = await create()
      for (const key of ['__proto__', 'constructor', 'toString', '']) {
        expect(await storage.get(key)).toBeUndefined()
        await storage.set(key, { ['__proto__']: { polluted: true }, key })
        expect(await storage.get(key)).toMatchObject({ key })
      }
      expect(Object.hasOwn({}, 'polluted') || Reflect.get({}, 'polluted')).toBeFalsy()
    })

    it('forgets after the time to live, and not before', async () => {
      const storage = await create()
      await storage.set('short', 1, { ttlMs: 1_000 })
      await storage.set('long', 2)
      await passTime(900)
      expect(await storage.get('short')).toBe(1)
      await passTime(200)
      expect(await storage.get('short')).toBeUndefined()
      expect(await storage.delete('short')).toBe(false)
      expect(await storage.get('long')).toBe(2)
    })

    it('deletes', async () => {
      const storage = await create()
      await storage.set('a', 1)
      expect(await storage.delete('a')).toBe(true)
      expect(await storage.delete('a')).toBe(false)
      expect(await storage.get('a')).toBeUndefined()
    })

    it('ST-03: updates as one step, however many at once', async () => {
      const storage = await create()
      const add = (current: unknown) => (typeof current === 'number' ? current + 1 : 1)
      await Promise.all(Array.from({ length: 200 }, () => storage.update('n', add)))
      expect(await storage.get('n')).toBe(200)
      expect(await storage.update('n', () => undefined)).toBeUndefined()
      expect(await storage.get('n')).toBeUndefined()
    })

    it('an update keeps the time that was left', async () => {
      const storage = await create()
      await storage.set('a', 1, { ttlMs: 1_000 })
      await storage.update('a', () => 2)
      await passTime(1_100)
      expect(await storage.get('a')).toBeUndefined()
    })

    it('counts as one step, for as long as the first increment said', async () => {
      const storage = await create()
      const sums = await Promise.all(Array.from({ length: 50 }, () => storage.increment('n', 2, { ttlMs: 1_000 })))
      expect(Math.max(...sums)).toBe(100)
      expect(new Set(sums).size).toBe(50)
      expect(await storage.increment('n', -1)).toBe(99)
      await passTime(1_100)
      expect(await storage.increment('n')).toBe(1)
    })

    it('lists the keys under a prefix', async () => {
      const storage = await create()
      for (const key of ['a:1', 'a:2', 'b:1', 'a']) await storage.set(key, 0)
      const keys: string[] = []
      for await (const key of storage.list('a:')) keys.push(key)
      expect(keys.toSorted()).toEqual(['a:1', 'a:2'])
    })

    it('says what it cannot keep', async () => {
      const storage = await create()
      const cycle: Record<string, never> = {}
      Reflect.set(cycle, 'self', cycle)
      for (const value of [Number.NaN, { at: new Date() }, [() => 1], { map: new Map() }, cycle]) {
        // Not a value by its type: somebody without a compiler may still give it.
        await expect(storage.set('a', value as never)).rejects.toMatchObject({ name: 'StorageError', code: 'INVALID' })
      }
      await expect(storage.set('a', { at: [new Date()] } as never)).rejects.toThrow(
        'value.at[0] is an instance of Date',
      )
      expect(await storage.get('a')).toBeUndefined()
      await storage.set('text', 'x')
      await expect(storage.increment('text')).rejects.toMatchObject({ code: 'INVALID' })
    })
  })
}
