import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { describeStorage } from '../../tests/kit/storage-contract.ts'
import { createMemoryStorage } from './memory.ts'
import { createOwnPart, withoutOwnParts } from './parts.ts'

beforeEach(() => void vi.useFakeTimers())
afterEach(() => void vi.useRealTimers())

const time = {
  pass: async (ms: number) => void vi.advanceTimersByTime(ms),
  jump: (ms: number) => void vi.setSystemTime(Date.now() + ms),
}

describeStorage('a part', () => createOwnPart(createMemoryStorage(), 'carts'), time)
describeStorage('what is no part', () => withoutOwnParts(createMemoryStorage()), time)

describe('parts of a storage', () => {
  it('are reached by no key of another', async () => {
    const storage = createMemoryStorage()
    const [carts, cart] = [createOwnPart(storage, 'carts'), createOwnPart(storage, 'cart')]
    const open = withoutOwnParts(storage)
    await carts.set('a', 'of carts')
    await open.set('a', 'open')
    for (const key of ['a', 's:a', 'fastmcp:carts:a', '../carts:a', 'carts:a']) {
      expect(await cart.get(key)).toBeUndefined()
    }
    expect(await carts.get('a')).toBe('of carts')
    expect(await storage.get('a')).toBe('open')
  })

  it('are closed to whoever has the rest', async () => {
    const storage = createMemoryStorage()
    const open = withoutOwnParts(storage)
    const key = 'fastmcp:carts:a'
    await createOwnPart(storage, 'carts').set('a', 1)
    const refused = { name: 'StorageError', code: 'INVALID' }
    await expect(open.get(key)).rejects.toMatchObject(refused)
    await expect(open.set(key, 2)).rejects.toMatchObject(refused)
    await expect(open.update(key, () => 2)).rejects.toMatchObject(refused)
    await expect(open.increment(key)).rejects.toMatchObject(refused)
    await expect(open.delete(key)).rejects.toMatchObject(refused)
    const listed = async (prefix: string) => {
      for await (const found of open.list(prefix)) return found
      return 'nothing'
    }
    await expect(listed('fastmcp:c')).rejects.toMatchObject(refused)
    for (const prefix of ['', 'f', 'fastmcp']) expect(await listed(prefix)).toBe('nothing')
    expect(await storage.get(key)).toBe(1)
  })
})
