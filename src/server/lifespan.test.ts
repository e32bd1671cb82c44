import { describe, expect, it } from 'vitest'
import { createLifespan, type Part } from './lifespan.ts'

function parts(log: string[]) {
  return (name: string, { fail = false, stopFail = false } = {}): Part => ({
    async start() {
      await Promise.resolve()
      if (fail) throw new Error(`${name} cannot start`)
      log.push(`+${name}`)
      return async () => {
        await Promise.resolve()
        if (stopFail) throw new Error(`${name} cannot stop`)
        log.push(`-${name}`)
      }
    },
  })
}

describe('a lifespan', () => {
  it('has begun where there is nothing to begin', async () => {
    const lifespan = createLifespan(() => undefined)
    expect(lifespan.hasBegun).toBe(true)
    await lifespan.begin()
    await lifespan.end()
  })

  it('does one thing after the other, whoever asks for what and when', async () => {
    const log: string[] = []
    const lifespan = createLifespan(() => undefined)
    lifespan.add(parts(log)('a'))
    const all = [lifespan.begin(), lifespan.begin(), lifespan.end(), lifespan.begin()]
    lifespan.add(parts(log)('b'))
    await Promise.all(all)
    expect(log).toEqual(['+a', '+b', '-b', '-a', '+a', '+b'])
    expect(lifespan.hasBegun).toBe(true)
  })

  it('tries again what could not begin, and not what did', async () => {
    const log: string[] = []
    const lifespan = createLifespan(() => undefined)
    const part = parts(log)
    let attempts = 0
    lifespan.add(part('a'))
    lifespan.add({ start: () => part('b', { fail: attempts++ === 0 }).start() })
    await expect(lifespan.begin()).rejects.toThrow('b cannot start')
    expect(lifespan.hasBegun).toBe(false)
    await lifespan.begin()
    expect(log).toEqual(['+a', '+b'])
  })

  it('ends all that it can and says what it could not', async () => {
    const log: string[] = []
    const lifespan = createLifespan(() => undefined)
    const part = parts(log)
    for (const each of [part('a'), part('b', { stopFail: true }), part('c')]) lifespan.add(each)
    await lifespan.begin()
    await expect(lifespan.end()).rejects.toThrow('b cannot stop')
    expect(log).toEqual(['+a', '+b', '+c', '-c', '-a'])
    expect(lifespan.hasBegun).toBe(false)
  })

  it('begins once for all who ask meanwhile, and fails once for them', async () => {
    const lifespan = createLifespan(() => undefined)
    let attempts = 0
    lifespan.add({
      async start() {
        attempts++
        await Promise.resolve()
        if (attempts === 1) throw new Error('not yet')
        return undefined
      },
    })
    const first = await Promise.allSettled([lifespan.begin(), lifespan.begin(), lifespan.begin()])
    expect(first.map(({ status }) => status)).toEqual(['rejected', 'rejected', 'rejected'])
    expect(attempts).toBe(1)
    await Promise.all([lifespan.begin(), lifespan.begin()])
    await lifespan.begin()
    expect(attempts).toBe(2)
  })

  it('has not begun from the moment in which it begins to end, and says so', async () => {
    const turns: boolean[] = []
    const lifespan = createLifespan(() => turns.push(lifespan.hasBegun))
    let during: boolean | undefined
    lifespan.add({
      start: () => () => {
        during = lifespan.hasBegun
      },
    })
    await lifespan.begin()
    expect(lifespan.hasBegun).toBe(true)
    await lifespan.end()
    expect(during).toBe(false)
    expect(turns).toEqual([false, true, false, false])
  })

  it('lets go of a part, whether it had begun or not', async () => {
    const log: string[] = []
    const lifespan = createLifespan(() => undefined)
    const part = parts(log)
    const takeOut = ['a', 'b', 'c'].map((name) => lifespan.add(part(name)))
    await takeOut[0]?.()
    await lifespan.begin()
    await takeOut[1]?.()
    await takeOut[1]?.()
    expect(log).toEqual(['+b', '+c', '-b'])
    await lifespan.end()
    expect(log).toEqual(['+b', '+c', '-b', '-c'])
    await lifespan.begin()
    expect(log.at(-1)).toBe('+c')
  })
})

describe('a lifespan that is lent', () => {
  it('ends when nobody needs it any more', async () => {
    const log: string[] = []
    const lifespan = createLifespan(() => undefined)
    lifespan.add(parts(log)('a'))
    const first = await lifespan.lend()
    const second = await lifespan.lend()
    await lifespan.begin()
    await first()
    await first()
    await lifespan.end()
    expect(log).toEqual(['+a'])
    await second()
    expect(log).toEqual(['+a', '-a'])
  })

  it('outlives those it was lent to where it is used by itself', async () => {
    const log: string[] = []
    const lifespan = createLifespan(() => undefined)
    lifespan.add(parts(log)('a'))
    const giveBack = await lifespan.lend()
    await lifespan.begin()
    await giveBack()
    expect(log).toEqual(['+a'])
    await lifespan.end()
    expect(log).toEqual(['+a', '-a'])
  })

  it('begins what is added later without becoming anybody else', async () => {
    const log: string[] = []
    const lifespan = createLifespan(() => undefined)
    lifespan.add(parts(log)('a'))
    const giveBack = await lifespan.lend()
    lifespan.add(parts(log)('b'))
    await lifespan.catchUp()
    await giveBack()
    expect(log).toEqual(['+a', '+b', '-b', '-a'])
  })

  it('leaves nothing behind when it cannot begin', async () => {
    const log: string[] = []
    const lifespan = createLifespan(() => undefined)
    lifespan.add(parts(log)('a'))
    lifespan.add(parts(log)('b', { fail: true }))
    await expect(lifespan.lend()).rejects.toThrow('b cannot start')
    expect(log).toEqual(['+a', '-a'])
  })
})
