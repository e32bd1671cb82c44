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
})
