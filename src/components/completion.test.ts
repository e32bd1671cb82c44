import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { originOf } from '../../tests/kit/origin.ts'
import { contextOf } from '../engine/backstage.ts'
import { DefinitionError } from '../protocol/errors.ts'
import { type Completions, prepareCompletion } from './completion.ts'

const context = contextOf(originOf())
const limit = { label: 'prompt "p"', timeout: 1000 }
const known = ['language', 'style']
const ready = (completions?: Completions<string>) => prepareCompletion(completions, known, limit)
const ask = (name: string, value: string, others: Record<string, string> = {}) => ({ name, value, others })
const answer = (values: readonly string[], total = values.length) => ({
  completion: { values, total, hasMore: total > values.length },
})

describe('completing an argument', () => {
  it('a fixed list is filtered by what was typed, in any case', () => {
    const complete = ready({ language: ['TypeScript', 'python', 'pyret'] })
    expect(complete(ask('language', 'PY'), context)).toEqual(answer(['python', 'pyret']))
    expect(complete(ask('language', 't'), context)).toEqual(answer(['TypeScript']))
  })

  it('a function finds its own, knowing the others and the context', async () => {
    const complete = ready({
      language: (typed, { others, ctx }) => [typed, others.style ?? '', String(ctx === context)],
      style: async (typed) => [`${typed}!`],
    })
    expect(complete(ask('language', 'a', { style: 'b' }), context)).toEqual(answer(['a', 'b', 'true']))
    expect(await complete(ask('style', 'x'), context)).toEqual(answer(['x!']))
  })

  it('sends a hundred values and says that there are more', () => {
    const values = Array.from({ length: 250 }, (_, i) => `v${i}`)
    expect(ready({ language: values })(ask('language', ''), context)).toEqual(answer(values.slice(0, 100), 250))
  })

  it('an argument without completion has no values; one that does not exist is an error', () => {
    expect(ready()(ask('language', ''), context)).toEqual(answer([]))
    for (const name of ['colour', '__proto__', 'constructor', 'toString']) {
      expect(() => ready({})(ask(name, ''), context)).toThrow(
        `prompt "p": "${name}" is not an argument; there are language, style`,
      )
    }
  })

  it('an author who gives no list of strings is told so', () => {
    // @ts-expect-error numbers are no values
    const complete = ready({ language: () => [1] })
    expect(() => complete(ask('language', ''), context)).toThrow('prompt "p": a completion gave something other')
  })
})

describe('a completion that takes too long', () => {
  beforeEach(() => void vi.useFakeTimers())
  afterEach(() => void vi.useRealTimers())
  it('fails with TIMEOUT', async () => {
    const late = ready({ language: () => new Promise<string[]>(() => undefined) })(ask('language', ''), context)
    vi.advanceTimersByTime(1000)
    await expect(late).rejects.toMatchObject({ code: 'TIMEOUT' })
  })
})

it('a completion for an argument that does not exist is refused where it is defined', () => {
  expect(() => ready({ langauge: [] })).toThrow(DefinitionError)
  expect(() => ready({ langauge: [] })).toThrow(
    'prompt "p": complete: "langauge" is not an argument; there are language, style',
  )
  expect(() => prepareCompletion({ a: [] }, [], limit)).toThrow('there are none')
})
