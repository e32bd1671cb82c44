/** An address as the eight groups of IPv6; one of IPv4 is mapped into it (RFC 4291, 2.5.5.2). */
export type Ip = readonly number[]

const GROUPS = 8
const DECIMAL = /^(?:0|[1-9]\d{0,2})$/
/** The interface that an address of IPv6 belongs to (RFC 4007, 11). */
const ZONE = /(?<=:.*)%[0-9a-z.-]+$/i
const HEXADECIMAL = /^[0-9a-f]{1,4}$/i

/** Reads an address in any of its spellings, with a zone or without; undefined for what is none. Never throws. */
export function parseIp(text: string): Ip | undefined {
  if (text.length > 64) return undefined
  const address = text.replace(ZONE, '')
  if (!address.includes(':')) {
    const groups = parseIpv4(address)
    return groups && [0, 0, 0, 0, 0, 0xffff, ...groups]
  }
  const halves = address.split('::')
  if (halves.length > 2) return undefined
  const [before, after] = halves.map(parseGroups)
  if (before === undefined || (halves.length === 2 && after === undefined)) return undefined
  if (after === undefined) return before.length === GROUPS ? before : undefined
  const missing = GROUPS - before.length - after.length
  return missing > 0 ? [...before, ...new Array<number>(missing).fill(0), ...after] : undefined
}

/** Whether an address is one of IPv4, mapped. */
export function isIpv4(ip: Ip): boolean {
  return ip[5] === 0xffff && ip.slice(0, 5).every((group) => group === 0)
}

/** One text for an address. */
export function ipText(ip: Ip): string {
  if (!isIpv4(ip)) return ip.map((group) => group.toString(16)).join(':')
  const [high = 0, low = 0] = ip.slice(6)
  return `${high >> 8}.${high & 0xff}.${low >> 8}.${low & 0xff}`
}

/** Whether two addresses are alike in their first `bits` of 128. */
export function isAlike(one: Ip, other: Ip, bits: number): boolean {
  for (let i = 0; i < GROUPS && i * 16 < bits; i++) {
    const unimportant = Math.max(0, 16 * (i + 1) - bits)
    if ((one[i] ?? 0) >> unimportant !== (other[i] ?? 0) >> unimportant) return false
  }
  return true
}

/** Groups between colons, of which the last may be two of them in decimals. */
function parseGroups(text: string): number[] | undefined {
  if (text === '') return []
  const words = text.split(':')
  const tail = words.at(-1)?.includes('.') ? parseIpv4(words.pop() ?? '') : []
  if (tail === undefined || !words.every((word) => HEXADECIMAL.test(word))) return undefined
  return [...words.map((word) => Number.parseInt(word, 16)), ...tail]
}

function parseIpv4(text: string): [number, number] | undefined {
  const parts = text.split('.')
  if (parts.length !== 4 || !parts.every((part) => DECIMAL.test(part) && Number(part) <= 255)) return undefined
  const [a = 0, b = 0, c = 0, d = 0] = parts.map(Number)
  return [a * 256 + b, c * 256 + d]
}
