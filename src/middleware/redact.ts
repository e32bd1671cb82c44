import { REDACTED, withoutSecrets } from '../protocol/secrets.ts'

/** What is left out besides all that is known to be secret. */
export interface RedactOptions {
  /** Parts of names, in any case: the values of all members so named are left out. */
  readonly keys?: readonly string[]
  /** What is left out of texts. */
  readonly values?: readonly RegExp[]
}

/** Makes any value fit to be written down: without secrets, and bounded in length, breadth and depth. */
export type Redact = (value: unknown) => unknown

const MOST_REMEMBERED = 1_000
const LONGEST_REMEMBERED = 256

/** What a function gives for short texts, of which the same few come with every call. */
export function remembering<T>(work: (text: string) => T): (text: string) => T {
  const known = new Map<string, T>()
  return (text) => {
    const said = known.get(text)
    if (said !== undefined) return said
    const made = work(text)
    if (known.size < MOST_REMEMBERED && text.length <= LONGEST_REMEMBERED) known.set(text, made)
    return made
  }
}

const SECRET_NAMES =
  'authorization|cookie|token|secret|key(?!word|board)|passw|passphrase|passcode|pwd|credential|signature|bearer|' +
  'session[-_]?id|iban|cvv|cvc|ssn|card[-_]?number'
/** Names that are secret as a whole: what travels in OAuth. */
const SECRET_WORDS = '^(?:code|state|nonce|code_verifier|code_challenge|otp|pin|jwt|auth)$'

const MOST = { text: 256, scanned: 4096, items: 20, depth: 5, characters: 4096 } as const

/** Makes the function that a log line goes through. What you give is looked for besides what is known. */
export function createRedact({ keys = [], values = [] }: RedactOptions = {}): Redact {
  const names = [SECRET_NAMES, SECRET_WORDS, ...keys.map(literal)].join('|')
  const secret = new RegExp(names, 'i')
  const isSecret = remembering((name) => secret.test(name))
  const forms = values.map((form) => new RegExp(form.source, form.flags.includes('g') ? form.flags : `${form.flags}g`))

  const textOf = (text: string): string => {
    const scanned = text.length > MOST.scanned ? text.slice(0, MOST.scanned) : text
    // No secret is so short, and most texts in a log are.
    const shown = scanned.length < SHORTEST ? scanned : withoutSecrets(scanned)
    return cut(
      forms.reduce((rest, form) => rest.replace(form, REDACTED), shown),
      text.length - scanned.length,
    )
  }
  const copy = (value: unknown, left: Left, depth: number): unknown => {
    if (left.characters < 0) return '…'
    if (typeof value === 'string') {
      const text = textOf(value)
      left.characters -= text.length
      return text
    }
    left.characters -= 8
    if (typeof value !== 'object' || value === null) return typeof value === 'bigint' ? String(value) : value
    if (depth === 0) return Array.isArray(value) ? '[…]' : '{…}'
    return Array.isArray(value) ? copyItems(value, left, depth) : copyMembers(value, left, depth)
  }
  const copyItems = (items: readonly unknown[], left: Left, depth: number): unknown[] => {
    const copied: unknown[] = []
    for (const item of items) {
      if (copied.length === MOST.items) {
        copied.push(`… ${items.length - MOST.items} more`)
        break
      }
      copied.push(copy(item, left, depth - 1))
    }
    return copied
  }
  const copyMembers = (members: object, left: Left, depth: number): Record<string, unknown> => {
    const copied: Record<string, unknown> = {}
    let count = 0
    for (const key in members) {
      if (++count > MOST.items) {
        copied['…'] = 'more'
        break
      }
      left.characters -= key.length
      // Any object has members; one of its prototype is shown as harmlessly as its own.
      const member = (members as Record<string, unknown>)[key]
      copied[nameOf(key)] = isSecret(key) ? REDACTED : copy(member, left, depth - 1)
    }
    return copied
  }
  return (value) =>
    typeof value === 'string' ? textOf(value) : copy(value, { characters: MOST.characters }, MOST.depth)
}

/** A name as it is shown. This one would not make a member, but change what it is put into. */
function nameOf(key: string): string {
  return key === '__proto__' ? '(__proto__)' : cut(key)
}

interface Left {
  characters: number
}

const SHORTEST = 8

function cut(text: string, more = 0): string {
  if (text.length <= MOST.text) return more === 0 ? text : `${text}… ${more} more`
  return `${text.slice(0, MOST.text)}… ${text.length - MOST.text + more} more`
}

function literal(part: string): string {
  return part.replaceAll(/[\\^$.*+?()[\]{}|]/g, '\\$&')
}
