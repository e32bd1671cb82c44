import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { originOf } from '../../tests/kit/origin.ts'
import { application } from '../../tests/kit/stateless.ts'
import { describeStorage } from '../../tests/kit/storage-contract.ts'
import type { Auth } from '../engine/auth.ts'
import { Backstage, backstageOf } from '../engine/backstage.ts'
import type { Context } from '../engine/context.ts'
import { keptAt } from '../engine/kept.ts'
import { createMemoryStorage } from '../storage/memory.ts'
import type { Storage } from '../storage/storage.ts'
import { createKept, type KeptOptions } from './kept.ts'

beforeEach(() => void vi.useFakeTimers())
afterEach(() => void vi.useRealTimers())

const ann: Auth = { subject: 'ann', issuer: 'https://id.example', clientId: 'app' }

function contextOf(auth: Auth | undefined, options: Partial<KeptOptions> = {}): Context {
  const kept = createKept({ name: 'shop', ...options })
  return new Backstage(originOf({ auth, application: { ...application(), kept } })).context
}

async function keysOf(storage: Storage): Promise<readonly string[]> {
  const keys: string[] = []
  for await (const key of storage.list('')) keys.push(key)
  return keys
}

const time = {
  pass: async (ms: number) => void vi.advanceTimersByTime(ms),
  jump: (ms: number) => void vi.setSystemTime(Date.now() + ms),
}
const roomy = { maxKeys: 10_000, maxBytes: 256 * 1024 }

describeStorage('ctx.userState', () => contextOf(ann, { userState: roomy }).userState, time)
describeStorage('ctx.storage', () => contextOf(undefined, { storage: createMemoryStorage() }).storage, time)
describeStorage('ctx.storage in this process', () => contextOf(undefined).storage, time)

describe('ctx.userState', () => {
  it('is the same for a principal, whatever proves who it is, and for nobody else', async () => {
    const storage = createMemoryStorage()
    const own = contextOf(ann, { storage }).userState
    await own.set('theme', 'dark')
    const same = { ...ann, scopes: ['other'], expiresAt: 5, claims: { token: 'new' } }
    expect(await contextOf(same, { storage }).userState.get('theme')).toBe('dark')
    const others: readonly Auth[] = [
      { ...ann, subject: 'bob' },
      { ...ann, subject: 'Ann' },
      { ...ann, subject: 'ann ' },
      { ...ann, issuer: 'https://evil.example' },
      { ...ann, clientId: 'other' },
      { subject: 'ann' },
      { subject: 'app', issuer: 'https://id.example', clientId: 'ann' },
      { subject: 'ann","app', issuer: 'https://id.example' },
      { subject: '' },
      { subject: '\ud800' },
      { subject: '\ufffd' },
      { subject: '__proto__' },
      { subject: 'x'.repeat(100_000) },
    ]
    for (const [index, auth] of others.entries()) {
      const { userState } = contextOf(auth, { storage })
      expect(await userState.get('theme')).toBeUndefined()
      await userState.set('theme', index)
    }
    for (const [index, auth] of others.entries()) {
      expect(await contextOf(auth, { storage }).userState.get('theme')).toBe(index)
    }
    expect(await own.get('theme')).toBe('dark')
  })

  it('is reached by no key from another, from the shared storage, or from another part', async () => {
    const storage = createMemoryStorage()
    await contextOf(ann, { storage }).userState.set('secret', 's3cr3t')
    const inside = await keysOf(storage)
    expect(inside).toHaveLength(1)
    const bob = contextOf({ ...ann, subject: 'bob' }, { storage })
    for (const key of [...inside, 'secret', '../secret', JSON.stringify(['https://id.example', 'ann', 'app'])]) {
      expect(await bob.userState.get(key)).toBeUndefined()
      expect(await keptAt(backstageOf(bob).origin).part('other').get(key)).toBeUndefined()
      expect(await bob.storage.get(key).catch(() => undefined)).toBeUndefined()
    }
    expect(await keysOf(bob.userState)).toEqual([])
    expect(await keysOf(bob.storage)).toEqual([])
    expect(inside.join()).not.toContain('ann')
  })

  it('is refused to anonymous callers, with a way out', () => {
    expect(() => contextOf(undefined).userState).toThrow(expect.objectContaining({ code: 'UNAUTHORIZED' }))
    expect(() => contextOf(undefined).userState).toThrow('send credentials')
    expect(() => contextOf(undefined).userState).toThrow('`authenticate`')
  })

  it('holds so much and no more, in words for a model', async () => {
    const { userState } = contextOf(ann)
    await userState.set('large', 'x'.repeat(65_000))
    const full = { name: 'ToolError', code: 'QUOTA_EXCEEDED' }
    await expect(userState.set('more', 'x'.repeat(1_000))).rejects.toMatchObject(full)
    await expect(userState.set('more', 'x'.repeat(1_000))).rejects.toThrow('at most 65536 can be kept. Delete some')
    await userState.delete('large')
    const sets = Array.from({ length: 300 }, (_, index) => userState.set(`k${index}`, index))
    const settled = await Promise.allSettled(sets)
    expect(settled.filter(({ status }) => status === 'fulfilled')).toHaveLength(256)
    expect(settled.at(-1)).toMatchObject({ reason: full })
  })

  it('goes when it has not been written for as long as the server says', async () => {
    const { userState } = contextOf(ann, { userState: { ttlMs: 1_000 } })
    await userState.set('a', 1)
    vi.advanceTimersByTime(1_100)
    expect(await userState.get('a')).toBeUndefined()
  })

  it('is of one server, unless several agree on a namespace', async () => {
    const storage = createMemoryStorage()
    await contextOf(ann, { storage }).userState.set('a', 1)
    expect(await contextOf(ann, { storage, name: 'other' }).userState.get('a')).toBeUndefined()
    const userState = { namespace: 'shop' }
    expect(await contextOf(ann, { storage, name: 'other', userState }).userState.get('a')).toBe(1)
  })

  it('has bounds that are some', () => {
    for (const option of ['maxKeys', 'maxBytes', 'ttlMs']) {
      for (const value of [0, -1, Number.NaN, 1.5]) {
        expect(() => createKept({ name: 'shop', userState: { [option]: value } })).toThrow(`userState.${option} is`)
      }
    }
    expect(() => createKept({ name: 'shop', userState: { maxBytes: 1_000_000 } })).toThrow('from 1 to 262144')
  })
})

describe('what is kept in this process', () => {
  it('is not driven out by a flood elsewhere', async () => {
    const context = contextOf(ann)
    await context.userState.set('a', 1)
    const large = 'x'.repeat(400_000)
    for (let index = 0; index < 100; index++)
      await keptAt(backstageOf(context).origin).part('session-handles').set(`k${index}`, large)
    for (let index = 0; index < 100; index++) await context.storage.set(`k${index}`, large)
    expect(await context.storage.get('k0')).toBeUndefined()
    expect(await context.userState.get('a')).toBe(1)
  })

  it('is refused where a server keeps nothing', () => {
    const context = new Backstage(originOf({ auth: ann })).context
    expect(() => context.storage).toThrow('server keeps nothing')
    expect(() => context.userState).toThrow('server keeps nothing')
  })
})
