import type { InputResponse } from '../protocol/asks.ts'
import { FastMCPError, McpError } from '../protocol/errors.ts'

/** Most rounds of questions in which a handler is run again. */
export const MOST_ROUNDS = 10

/** An answer, and a fingerprint of the question that it was given to. */
export interface Answered {
  readonly question: string
  readonly answer: InputResponse
}

/** What is remembered of the runs of one handler: answers, and results of work done once. */
export class Journal {
  readonly answers: Map<string, Answered> = new Map()
  readonly kept: Map<string, unknown> = new Map()
  /** What the guard form wants to find again. */
  state: unknown
  readonly #working = new Map<string, Promise<unknown>>()

  /** Does the work unless its result is known. Work that fails is not kept; work that goes on is waited for. */
  once<T>(key: string, work: () => T | Promise<T>): Promise<T> {
    // A key is used with one kind of work, which gave what is kept.
    if (this.kept.has(key)) return Promise.resolve(this.kept.get(key) as T)
    const known = this.#working.get(key) as Promise<T> | undefined
    if (known !== undefined) return known
    const working = this.#work(key, work).finally(() => this.#working.delete(key))
    this.#working.set(key, working)
    return working
  }

  async #work<T>(key: string, work: () => T | Promise<T>): Promise<T> {
    const result = await work()
    const problem = unkeepable(result)
    if (problem !== undefined)
      throw new FastMCPError('NOT_KEEPABLE', `ctx.once("${key}"): the result${problem}; ${HINT}`)
    this.kept.set(key, result)
    return result
  }
}

/** The error of a handler that asks something else under a key than it did before. */
export function anotherQuestion(key: string): McpError {
  return new McpError(
    'INTERNAL_ERROR',
    `The handler asks something else as "${key.slice(0, 100)}" than before. Whenever it runs again it must ask the same: ` +
      'keep what changes, such as the time or chance, by ctx.once, and give questions asked in changing order a key',
  )
}

const HINT = 'return JSON values, which can be kept until the handler runs again'
const DEEPEST = 64

/** Why a value would not come back from JSON as it is, to be read after its name; undefined if it would. */
export function unkeepable(value: unknown, path: readonly (string | number)[] = []): string | undefined {
  switch (typeof value) {
    case 'string':
    case 'boolean':
      return undefined
    case 'undefined':
      return path.some((step) => typeof step === 'number') ? words(path, 'is undefined') : undefined
    case 'number':
      return Number.isFinite(value) ? undefined : words(path, `is ${value}`)
    case 'object':
      return value === null ? undefined : unkeepableObject(value, path)
    default:
      return words(path, `is a ${typeof value}`)
  }
}

function unkeepableObject(value: object, path: readonly (string | number)[]): string | undefined {
  if (path.length > DEEPEST) return ' nests too deep or contains itself'
  const prototype: unknown = Object.getPrototypeOf(value)
  if (!Array.isArray(value) && prototype !== Object.prototype && prototype !== null) {
    return words(path, `is an instance of ${value.constructor?.name ?? 'a class'}`)
  }
  for (const [key, member] of Object.entries(value)) {
    const problem = unkeepable(member, [...path, Array.isArray(value) ? Number(key) : key])
    if (problem !== undefined) return problem
  }
  return undefined
}

function words(path: readonly (string | number)[], problem: string): string {
  const place = path.map((key) => (typeof key === 'number' ? `[${key}]` : `.${key.slice(0, 60)}`)).join('')
  return `${place} ${problem}`
}
