import { type Bytes, encodeBase64, isBytes } from './base64.ts'

/** The most characters of JSON that one result may be: 8 MiB. */
export const MOST_CHARACTERS: number = 8 * 1024 * 1024
const FAST_DEPTH = 64
const DEEPEST = 500

/** Makes the error for a value that JSON cannot carry: where it is, and what is wrong with it. */
export type Refuse = (path: string, problem: string) => Error

/**
 * The value as plain JSON data. What is plain already comes back as it is, not copied. Otherwise: dates
 * become ISO strings, maps objects, sets arrays, bytes base64, bigints numbers where that is exact and
 * strings elsewhere, and `toJSON` is called where there is one. Throws what `refuse` makes for the rest:
 * functions, symbols, NaN, cycles, and more than `most` characters.
 */
export function plain(value: unknown, refuse: Refuse, most: number = MOST_CHARACTERS): unknown {
  const budget: Budget = { left: most }
  const isReady = isPlain(value, FAST_DEPTH, budget)
  if (budget.left < 0) throw refuse('', sizeWords(most))
  return isReady ? value : copy(value, { refuse, path: [], ancestors: new Set(), budget: { left: most }, most })
}

/** How many characters of JSON plain data is, roughly; more than `most` is not counted on. */
export function sizeOf(data: unknown, most: number = MOST_CHARACTERS): number {
  const budget: Budget = { left: most }
  isPlain(data, DEEPEST + 1, budget)
  return most - budget.left
}

function sizeWords(most: number): string {
  return `is part of more than ${most} characters of JSON; return less, or a link() to a resource`
}

/** Characters that may still come. Every value costs at least one, so shared parts cannot multiply without end. */
interface Budget {
  left: number
}

function isPlain(value: unknown, depth: number, budget: Budget): boolean {
  budget.left--
  if (typeof value === 'string') {
    budget.left -= value.length
    return true
  }
  if (typeof value === 'number') return Number.isFinite(value)
  if (typeof value === 'boolean' || value === null) return true
  if (typeof value !== 'object' || depth === 0 || budget.left < 0) return false
  return Array.isArray(value) ? isPlainArray(value, depth, budget) : isPlainObject(value, depth, budget)
}

function isPlainArray(value: readonly unknown[], depth: number, budget: Budget): boolean {
  if (Object.getPrototypeOf(value) !== Array.prototype) return false
  for (let i = 0; i < value.length; i++) if (!isPlain(value[i], depth - 1, budget)) return false
  return true
}

function isPlainObject(value: object, depth: number, budget: Budget): boolean {
  const prototype: unknown = Object.getPrototypeOf(value)
  if (prototype !== Object.prototype && prototype !== null) return false
  for (const key in value) {
    // A key of the object itself; JSON leaves out members that are undefined.
    const member = (value as Readonly<Record<string, unknown>>)[key]
    if (member !== undefined && !isPlain(member, depth - 1, budget)) return false
  }
  return true
}

interface Copying {
  readonly refuse: Refuse
  readonly path: (string | number)[]
  readonly ancestors: Set<object>
  readonly budget: Budget
  readonly most: number
}

function copy(value: unknown, state: Copying): unknown {
  spend(state, typeof value === 'string' ? value.length + 1 : 1)
  switch (typeof value) {
    case 'object':
      return value === null ? null : copyObject(value, state)
    case 'number':
      if (!Number.isFinite(value))
        throw refusal(state, `is ${value}, which JSON has no word for; return null or a string`)
      return value
    case 'bigint':
      return BigInt(Number(value)) === value && Number.isSafeInteger(Number(value)) ? Number(value) : String(value)
    case 'function':
      throw refusal(state, 'is a function; return data')
    case 'symbol':
      throw refusal(state, 'is a symbol; return data')
    default:
      return value
  }
}

function copyObject(value: object, state: Copying): unknown {
  if (isBytes(value)) return copyBytes(value, state)
  if (value instanceof Date) return copyDate(value, state)
  if (state.ancestors.has(value)) throw refusal(state, 'contains itself; return data without cycles')
  if (state.ancestors.size >= DEEPEST) throw refusal(state, `nests deeper than ${DEEPEST} levels; return flatter data`)
  state.ancestors.add(value)
  const copied = copyParts(value, state)
  state.ancestors.delete(value)
  return copied
}

function copyParts(value: object, state: Copying): unknown {
  if ('toJSON' in value && typeof value.toJSON === 'function') {
    const shown: unknown = value.toJSON(String(state.path.at(-1) ?? ''))
    if (shown !== value) return copy(shown, state)
  }
  if (Array.isArray(value) || value instanceof Set) return copyElements(value, state)
  if (value instanceof Map)
    return copyMembers(
      [...value].map(([key, member]) => [keyOf(key, state), member]),
      state,
    )
  const members = Object.entries(value)
  if (members.length === 0 && !isRecordLike(value)) throw refusal(state, emptyWords(value))
  return copyMembers(members, state)
}

/** JSON has no `undefined`; in a list it becomes `null`, so that places are kept. */
function copyElements(elements: Iterable<unknown>, state: Copying): unknown[] {
  return Array.from(elements, (element, index) => copyAt(index, element ?? null, state))
}

function copyMembers(members: readonly (readonly [string, unknown])[], state: Copying): Record<string, unknown> {
  const copied: Record<string, unknown> = {}
  for (const [key, member] of members) {
    if (member === undefined) continue
    if (Object.hasOwn(copied, key)) throw refusal(state, `has two keys that both become "${key}"`)
    spend(state, key.length + QUOTES_AND_COLON)
    const value = copyAt(key, member, state)
    if (key === '__proto__') Object.defineProperty(copied, key, { ...MEMBER, value })
    else copied[key] = value
  }
  return copied
}

/** An assignment to `__proto__` would not make a member. */
const MEMBER = { enumerable: true, writable: true, configurable: true }
const QUOTES_AND_COLON = 3

function copyAt(key: string | number, value: unknown, state: Copying): unknown {
  spend(state, 1)
  state.path.push(key)
  const copied = copy(value, state)
  state.path.pop()
  return copied
}

function copyBytes(value: Bytes, state: Copying): string {
  spend(state, Math.ceil(value.byteLength / 3) * 4)
  return encodeBase64(value)
}

function copyDate(value: Date, state: Copying): string {
  if (Number.isNaN(value.getTime())) throw refusal(state, 'is an invalid date')
  return value.toISOString()
}

function keyOf(key: unknown, state: Copying): string {
  if (typeof key === 'string' || typeof key === 'number' || typeof key === 'bigint' || typeof key === 'boolean') {
    return String(key)
  }
  throw refusal(state, 'is a Map with keys that are no strings or numbers; return an array of entries')
}

/** Whether an object is a record by birth, whatever realm it is from: empty, it means `{}`. */
function isRecordLike(value: object): boolean {
  const prototype: unknown = Object.getPrototypeOf(value)
  return prototype === null || Object.getPrototypeOf(prototype) === null
}

/** Promises, errors, iterators, responses: their contents are hidden, and `{}` would be a lie. */
function emptyWords(value: object): string {
  if ('then' in value && typeof value.then === 'function') return 'is a promise; await it'
  if ('next' in value && typeof value.next === 'function') return 'is an iterator; collect it into an array'
  const name: unknown = value.constructor?.name
  const shown = typeof name === 'string' && name !== '' ? name : 'an unknown class'
  return `is an instance of ${shown} with nothing that JSON could show; return plain data or give it toJSON()`
}

function spend(state: Copying, characters: number): void {
  state.budget.left -= characters
  if (state.budget.left < 0) throw refusal(state, sizeWords(state.most))
}

function refusal({ refuse, path }: Copying, problem: string): Error {
  const words = path.map((key) => (typeof key === 'number' ? `[${key}]` : `.${key.slice(0, 60)}`))
  return refuse(words.join(''), problem)
}
