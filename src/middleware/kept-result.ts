import type { Result } from '../protocol/methods.ts'
import type { Lasting } from './generation.ts'

/** A result as it is kept: as text, so that whoever gets it changes a copy, and its size is known. */
export interface KeptResult extends Lasting {
  readonly text: string
  /** Members under symbols, which text has no form for. */
  readonly marks: readonly (readonly [symbol, unknown])[]
}

/** Under what a result is kept. */
export interface Keeping {
  readonly key: string
  readonly tags: readonly string[]
  /** Milliseconds. */
  readonly ttl: number
}

const NO_MARKS: KeptResult['marks'] = Object.freeze([])
const BYTES_PER_CHARACTER = 2
const BYTES_PER_RESULT = 256

/** Makes a result ready to be kept; undefined for one that JSON cannot carry. */
export function keepResult(result: Result, { key, tags, ttl }: Keeping): KeptResult | undefined {
  try {
    const text = JSON.stringify(result)
    const symbols = Object.getOwnPropertySymbols(result)
    const marks = symbols.length === 0 ? NO_MARKS : symbols.map((mark) => [mark, Reflect.get(result, mark)] as const)
    const bytes = (text.length + key.length) * BYTES_PER_CHARACTER + BYTES_PER_RESULT
    return { text, marks, bytes, tags, expiresAt: performance.now() + ttl }
  } catch {
    return undefined
  }
}

/** The result that was kept, fresh. */
export function reviveResult<R extends Result>({ text, marks }: Pick<KeptResult, 'text' | 'marks'>): R {
  const result: R = JSON.parse(text) // of the result that is being asked for again
  for (const [mark, value] of marks) Reflect.set(result, mark, value)
  return result
}
