import { isUnsafePath } from './path-screen.ts'

/** Variables by name; optional ones that are absent have no member. Has no prototype. */
export type UriMatch = Readonly<Record<string, string | string[]>>

/** Takes the raw value of a variable. Returns false where the URI must not match after all. */
export type Take = (name: string, raw: string | readonly string[]) => boolean

/** Collects decoded values, refusing malformed percent-encoding and, but for `unscreened`, unsafe paths. */
export function createTake(values: Record<string, string | string[]>, unscreened: ReadonlySet<string>): Take {
  return (name, raw) => {
    const value = typeof raw === 'string' ? decode(raw) : decodeAll(raw)
    if (value === undefined) return false
    if (!unscreened.has(name) && (typeof value === 'string' ? isUnsafePath(value) : value.some(isUnsafePath)))
      return false
    values[name] = value
    return true
  }
}

/** Percent-decodes; undefined where the encoding is malformed or no UTF-8. */
export function decode(raw: string): string | undefined {
  if (!raw.includes('%')) return raw
  try {
    return decodeURIComponent(raw)
  } catch {
    return undefined
  }
}

function decodeAll(raw: readonly string[]): string[] | undefined {
  const values: string[] = []
  for (const item of raw) {
    const value = decode(item)
    if (value === undefined) return undefined
    values.push(value)
  }
  return values
}
