import { describe, expect, it } from 'vitest'
import { lifespans } from './lifespans.ts'

/** Opens one member, and notes when it is opened and ended. */
function opening(log: string[]) {
  return <const N extends string>(name: N, { stopFails = false } = {}) =>
    async (before: object) => {
      await Promise.resolve()
      log.push(`+${name}(${Object.keys(before)})`)
      return {
        [name]: `${name}!`,
        async [Symbol.asyncDispose]() {
          await Promise.resolve()
          log.push(`-${name}`)
          if (stopFails) throw new Error(`${name} cannot end`)
        },
      } as unknown as { readonly [K in N]: string } & AsyncDisposable
    }
}

describe('lifespans', () => {
  it('open in order, each given what was there before, and end in reverse', async () => {
    const log: string[] = []
    const open = opening(log)
    const app = await lifespans(open('a'), open('b'), () => undefined, open('c'))()
    expect(app).toEqual({ a: 'a!', b: 'b!', c: 'c!' })
    expect(Object.isFrozen(app)).toBe(true)
    await app[Symbol.asyncDispose]()
    await app[Symbol.asyncDispose]()
    expect(log).toEqual(['+a()', '+b(a)', '+c(a,b)', '-c', '-b', '-a'])
  })

  it('can be parts of others, and be opened again', async () => {
    const log: string[] = []
    const open = opening(log)
    const all = lifespans(lifespans(open('a'), open('b')), open('c'))
    for (let round = 0; round < 2; round++) {
      await using app = await all()
      expect(app.a).toBe('a!')
    }
    expect(log).toEqual(['+a()', '+b(a)', '+c(a,b)', '-c', '-b', '-a', '+a()', '+b(a)', '+c(a,b)', '-c', '-b', '-a'])
  })

  it('take what ends at once as well', async () => {
    const log: string[] = []
    const app = await lifespans(() => ({ a: 1, [Symbol.dispose]: () => void log.push('-a') }))()
    await app[Symbol.asyncDispose]()
    expect(log).toEqual(['-a'])
  })

  it('end what is open where one fails', async () => {
    const log: string[] = []
    const open = opening(log)
    const fail = async () => Promise.reject(new Error('no connection'))
    await expect(lifespans(open('a'), open('b'), fail, open('c'))()).rejects.toThrow('no connection')
    expect(log).toEqual(['+a()', '+b(a)', '-b', '-a'])
    const both = lifespans(open('a'), open('b', { stopFails: true }), fail)()
    await expect(both).rejects.toMatchObject({
      message: 'A lifespan failed, and so did the end of those before it',
      errors: [{ message: 'no connection' }, { message: 'b cannot end' }],
    })
  })

  it('all end, whatever goes wrong, and tell of it', async () => {
    const log: string[] = []
    const open = opening(log)
    const one = await lifespans(open('a', { stopFails: true }), open('b'))()
    await expect(one[Symbol.asyncDispose]()).rejects.toThrow('a cannot end')
    const two = await lifespans(open('a', { stopFails: true }), open('b', { stopFails: true }))()
    await expect(two[Symbol.asyncDispose]()).rejects.toMatchObject({ errors: { length: 2 } })
  })

  it('refuse what cannot be joined, and end what gave it', async () => {
    const log: string[] = []
    const open = opening(log)
    class Pool {
      [Symbol.dispose](): void {
        log.push('-pool')
      }
    }
    await expect(lifespans(open('a'), () => new Pool())()).rejects.toThrow(
      'lifespans: number 2 must give a plain object, as in { pool }, or nothing',
    )
    await expect(lifespans(open('a'), open('a'))()).rejects.toThrow('number 2 gives "a", as one before it does')
    expect(log).toEqual(['+a()', '-pool', '-a', '+a()', '+a(a)', '-a', '-a'])
    expect(() => lifespans(open('a'), 7 as unknown as () => undefined)).toThrow(
      'lifespans: number 2 must be a function',
    )
  })
})
