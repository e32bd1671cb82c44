import { describe, expect, it } from 'vitest'
import type { Storage, Stored } from '../../src/storage/storage.ts'

/** Time, as the storage under test sees it. */
export interface TestTime {
  pass(ms: number): Promise<void>
  /** Somebody sets the clock of the machine. */
  jump(ms: number): void
}

/** What every storage must do, as tests. */
export function describeStorage(name: string, create: () => Storage | Promise<Storage>, time: TestTime): void {
  const passTime = (ms: number): Promise<void> => time.pass(ms)

  describe(`storage contract: ${name}`, () => {
    it('gives back what was set, bytes and all', async () => {
      const storage = await create()
      const value = {
        text: 'ä\u2028\u0000',
        n: -1.5,
        nothing: null,
        list: [true, [new Uint8Array([0, 255, 7]), { deep: { bytes: new Uint8Array([1]), empty: new Uint8Array() } }]],
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

    it('RL-03: keeps time whatever is done to the clock', async () => {
      const storage = await create()
      await storage.set('short', 1, { ttlMs: 1_000 })
      await storage.increment('counted', 1, { ttlMs: 1_000 })
      time.jump(3_600_000)
      expect(await storage.get('short')).toBe(1)
      time.jump(-7_200_000)
      await passTime(900)
      expect(await storage.get('short')).toBe(1)
      await passTime(200)
      expect(await storage.get('short')).toBeUndefined()
      expect(await storage.increment('counted')).toBe(1)
    })

    it('sets a time that is longer than any', async () => {
      const storage = await create()
      for (const ttlMs of [1e18, Number.POSITIVE_INFINITY]) {
        await storage.set('long', 1, { ttlMs })
        await passTime(10_000)
        expect(await storage.get('long')).toBe(1)
      }
      for (const ttlMs of [0, -1, Number.NaN, '5' as never]) {
        await expect(storage.set('long', 2, { ttlMs })).rejects.toMatchObject({ code: 'INVALID' })
        await expect(storage.update('long', () => 2, { ttlMs })).rejects.toMatchObject({ code: 'INVALID' })
        await expect(storage.increment('long', 1, { ttlMs })).rejects.toMatchObject({ code: 'INVALID' })
      }
      expect(await storage.get('long')).toBe(1)
    })

    it('sets for good what had a time, and takes what has expired for nothing', async () => {
      const storage = await create()
      await storage.set('a', 1, { ttlMs: 1_000 })
      await storage.set('a', 2)
      await storage.set('b', 'text', { ttlMs: 1_000 })
      await storage.set('c', 1, { ttlMs: 1_000 })
      await passTime(1_100)
      expect(await storage.get('a')).toBe(2)
      expect(await storage.increment('b')).toBe(1)
      expect(await storage.update('c', (current) => (current === undefined ? 'new' : 'old'))).toBe('new')
      await passTime(2_000)
      expect(await storage.get('c')).toBe('new')
      const keys: string[] = []
      for await (const key of storage.list('')) keys.push(key)
      expect(keys.toSorted()).toEqual(['a', 'b', 'c'])
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
      await Promise.all(Array.from({ length: 1_000 }, () => storage.update('n', add)))
      expect(await storage.get('n')).toBe(1_000)
      expect(await storage.update('n', () => undefined)).toBeUndefined()
      expect(await storage.get('n')).toBeUndefined()
    })

    it('ST-03: loses no increment, whatever is done at the same time', async () => {
      const storage = await create()
      const deeds = Array.from({ length: 1_000 }, (_, index) => [
        storage.increment('n'),
        storage.update('m', (current) => Number(current ?? 0) + 1),
        storage.set(`other:${index % 7}`, index),
        index % 3 === 0 ? storage.delete('other:1') : storage.get('n'),
      ])
      await Promise.all(deeds.flat())
      expect(await storage.get('n')).toBe(1_000)
      expect(await storage.get('m')).toBe(1_000)
    })

    it('an update keeps the time that was left, or sets another', async () => {
      const storage = await create()
      await storage.set('a', 1, { ttlMs: 1_000 })
      await storage.set('b', 1, { ttlMs: 1_000 })
      await storage.update('a', () => 2)
      await storage.update('b', () => 2, { ttlMs: 5_000 })
      await passTime(1_100)
      expect(await storage.get('a')).toBeUndefined()
      expect(await storage.get('b')).toBe(2)
    })

    it('an update that throws changes nothing, and throws that', async () => {
      const storage = await create()
      await storage.set('a', { n: 1 })
      const refused = new Error('not like this')
      const refuse = (current: Stored | undefined): Stored => {
        if (typeof current === 'object' && current !== null) Reflect.set(current, 'n', 2)
        throw refused
      }
      await expect(storage.update('a', refuse)).rejects.toBe(refused)
      await expect(storage.update('b', refuse)).rejects.toBe(refused)
      await expect(storage.update('a', () => Number.NaN)).rejects.toMatchObject({ code: 'INVALID' })
      await expect(storage.update('a', (async () => 1) as never)).rejects.toMatchObject({ code: 'INVALID' })
      expect(await storage.get('a')).toEqual({ n: 1 })
      expect(await storage.get('b')).toBeUndefined()
    })

    it('an update of nothing to nothing is nothing', async () => {
      const storage = await create()
      expect(await storage.update('a', () => undefined)).toBeUndefined()
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

    it('FR-10: keeps keys apart that look alike, and lists them by what they begin with', async () => {
      const storage = await create()
      const keys = [
        ...[
          'a',
          'A',
          'a ',
          ' a',
          'ä',
          'a\u0308',
          'a\0',
          'a\0b',
          '\0',
          '\\',
          '\\0',
          'a\\0',
          '%',
          '_',
          'a%',
          'a_',
          '*',
          '[a]',
          '?',
        ],
        ...[
          '\ud800',
          '\udc00',
          '\ufffd',
          '\ud83d\ude00',
          '\ud83d',
          'a\ud83d',
          'a\ud83d\ude00',
          "'",
          '"',
          '\n',
          '\u2028',
          'x'.repeat(1_000),
        ],
      ]
      for (const [index, key] of keys.entries()) await storage.set(key, index)
      for (const [index, key] of keys.entries()) expect(await storage.get(key)).toBe(index)
      for (const prefix of [...keys, '', 'x'.repeat(999), 'nothing']) {
        const found: string[] = []
        for await (const key of storage.list(prefix)) found.push(key)
        expect(found.toSorted()).toEqual(keys.filter((key) => key.startsWith(prefix)).toSorted())
      }
    })

    it('lists more than fits on a page, once each', async () => {
      const storage = await create()
      const keys = Array.from({ length: 300 }, (_, index) => `k${index}`)
      await Promise.all(['a', ...keys, 'z'].map((key) => storage.set(key, 1)))
      const found: string[] = []
      for await (const key of storage.list('k')) {
        found.push(key)
        await storage.delete(key)
      }
      expect(found.toSorted()).toEqual(keys.toSorted())
      expect(await storage.get('a')).toBe(1)
    })

    it('ST-03: has an end to keys and values', async () => {
      const storage = await create()
      await storage.set('a', 'small')
      for (const write of [
        (key: string, value: Stored) => storage.set(key, value),
        (key: string, value: Stored) => storage.update(key, () => value),
      ]) {
        await expect(write('a', 'x'.repeat(10_000_000))).rejects.toThrow()
        await expect(write('k'.repeat(2_000), 1)).rejects.toMatchObject({ name: 'StorageError', code: 'INVALID' })
        await expect(write(undefined as never, 1)).rejects.toMatchObject({ name: 'StorageError', code: 'INVALID' })
      }
      await expect(storage.increment('k'.repeat(2_000))).rejects.toMatchObject({ code: 'INVALID' })
      expect(await storage.get('a')).toBe('small')
      expect(await storage.get('k'.repeat(2_000))).toBeUndefined()
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
      await storage.set('nothing', null)
      await expect(storage.increment('nothing')).rejects.toMatchObject({ code: 'INVALID' })
      await storage.set('most', Number.MAX_SAFE_INTEGER)
      await expect(storage.increment('most')).rejects.toMatchObject({ code: 'INVALID' })
      for (const by of [Number.NaN, 0.5, Number.POSITIVE_INFINITY]) {
        await expect(storage.increment('n', by)).rejects.toMatchObject({ code: 'INVALID' })
      }
      expect(await storage.get('most')).toBe(Number.MAX_SAFE_INTEGER)
    })
  })
}
