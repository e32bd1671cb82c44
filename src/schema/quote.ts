/** The most characters of a value or a key that words may show. */
export const MOST_SHOWN = 40
const MOST_MESSAGE = 300
const MOST_TEXTS = 1000
/** What comes later in a message is cut off anyway. */
const MOST_READ = 100_000

/** A place in a value as people write it: `items[2].name`, `["odd key"]`. */
export function pathWords(path: readonly (string | number)[]): string {
  return path.map(step).join('').replace(/^\./, '')
}

/** The place as the subject of a sentence. */
export function subject(path: readonly (string | number)[]): string {
  return path.length === 0 ? 'The value' : `\`${cut(pathWords(path), 200)}\``
}

function step(key: string | number): string {
  if (typeof key === 'number') return `[${key}]`
  return /^[\p{L}_$][\p{L}\p{N}_$-]{0,39}$/u.test(key) ? `.${key}` : `[${quote(key)}]`
}

/** A value that is no container as JSON, cut short. */
export function quote(value: unknown): string {
  if (typeof value === 'string') return JSON.stringify(cut(value, MOST_SHOWN))
  return cut(typeof value === 'object' ? JSON.stringify(value) : String(value), MOST_SHOWN)
}

/** Text of at most `most` characters. */
export function cut(text: string, most: number): string {
  return text.length > most ? `${text.slice(0, most - 1)}…` : text
}

/**
 * A message without the long texts of `value`, which a library may have put in, whole or cut short.
 */
export function scrub(message: string, value: unknown): string {
  let clean = message
  if (message.length > MOST_SHOWN) for (const text of longTexts(value)) clean = without(clean, text)
  return cut(clean.replace(/\s+/g, ' ').trim(), MOST_MESSAGE)
}

/** Cuts out each run of `message` that begins like `text`, as far as it goes on so, plain or escaped as in JSON. */
function without(message: string, text: string): string {
  const read = text.slice(0, MOST_READ)
  const forms = [read, JSON.stringify(read).slice(1, -1)]
  let clean = message
  for (const start of forms.map((form) => form.slice(0, MOST_SHOWN + 1))) {
    for (let at = clean.indexOf(start); at >= 0; at = clean.indexOf(start)) {
      const run = Math.max(...forms.map((form) => sameRun(clean, at, form)))
      clean = `${clean.slice(0, at)}…${clean.slice(at + run)}`
    }
  }
  return clean
}

/** For how many characters `message` at `at` is as `form`. */
function sameRun(message: string, at: number, form: string): number {
  let length = 0
  while (length < form.length && message[at + length] === form[length]) length++
  return length
}

/** Texts longer than may be shown, keys too. */
function longTexts(value: unknown): string[] {
  const found: string[] = []
  const open: unknown[] = [value]
  for (let next = 0; next < open.length && next < MOST_TEXTS; next++) {
    const part = open[next]
    if (typeof part === 'string' && part.length > MOST_SHOWN) found.push(part)
    if (typeof part === 'object' && part !== null) open.push(...partsOf(part))
  }
  return found
}

function partsOf(container: object): unknown[] {
  if (Array.isArray(container)) return container.slice(0, MOST_TEXTS)
  const keys: string[] = []
  for (const key in container) if (keys.push(key) === MOST_TEXTS) break
  return [...keys, ...keys.map((key) => container[key as keyof typeof container])] // its own keys
}
