import type { Result } from '../protocol/methods.ts'

/** A result as it is kept: as text, so that whoever gets it changes a copy, and its size is known. */
export interface KeptResult {
  readonly text: string
  /** Members under symbols, which text has no form for. */
  readonly marks: readonly (readonly [symbol, unknown])[]
}

const NO_MARKS: KeptResult['marks'] = Object.freeze([])

/** Makes a result ready to be kept; undefined for one that JSON cannot carry. */
export function keepResult(result: Result): KeptResult | undefined {
  try {
    const symbols = Object.getOwnPropertySymbols(result)
    const marks = symbols.length === 0 ? NO_MARKS : symbols.map((mark) => [mark, Reflect.get(result, mark)] as const)
    return { text: JSON.stringify(result), marks }
  } catch {
    return undefined
  }
}

/** The result that was kept, fresh. */
export function reviveResult<R extends Result>({ text, marks }: KeptResult): R {
  const result: R = JSON.parse(text) // of the result that is being asked for again
  for (const [mark, value] of marks) Reflect.set(result, mark, value)
  return result
}
