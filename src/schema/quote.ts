/** The most characters of a value or a key that words may show. */
export const MOST_SHOWN = 40
const MOST_MESSAGE = 300
const MOST_TEXTS = 1000

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

/** A value as JSON, cut short. */
export function quote(value: unknown): string {
  const text = typeof value === 'string' ? JSON.stringify(cut(value, MOST_SHOWN)) : JSON.stringify(value)
  return text === undefined ? typeof value : cut(text, MOST_SHOWN + 3)
}

/** Text of at most `most` characters. */
export function cut(text: string, most: number): string {
  return text.length > most ? `${text.slice(0, most - 1)}…` : text
}

/** A message without the long texts of `value`: a library may have put them in. */
export function scrub(message: string, value: unknown): string {
  let clean = message
  if (message.length > MOST_SHOWN) {
    for (const text of longTexts(value)) {
      clean = clean.replaceAll(text, '…').replaceAll(JSON.stringify(text).slice(1, -1), '…')
    }
  }
  return cut(clean.replace(/\s+/g, ' ').trim(), MOST_MESSAGE)
}

function longTexts(value: unknown): string[] {
  const found: string[] = []
  const open: unknown[] = [value]
  for (let seen = 0; open.length > 0 && seen < MOST_TEXTS; seen++) {
    const next = open.pop()
    if (typeof next === 'string' && next.length > MOST_SHOWN) found.push(next)
    if (typeof next === 'object' && next !== null)
      open.push(...Object.keys(next).slice(0, MOST_TEXTS), ...Object.values(next).slice(0, MOST_TEXTS))
  }
  return found.sort((one, other) => other.length - one.length)
}
