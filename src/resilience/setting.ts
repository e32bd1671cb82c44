import { FastMCPError } from '../protocol/errors.ts'

/**
 * Returns a number from settings, or throws `FastMCPError` with code `SETTING` that names the option, the value and
 * what it may be.
 */
export function checkNumber(
  option: string,
  value: unknown,
  { least, most = Number.MAX_VALUE, whole = false }: Range,
): number {
  const isRight = typeof value === 'number' && value >= least && value <= most && (!whole || Number.isInteger(value))
  if (isRight) return value
  const kind = whole ? 'a whole number' : 'a number'
  const range = most === Number.MAX_VALUE ? `of at least ${least}` : `from ${least} to ${most}`
  throw new FastMCPError('SETTING', `${option} is ${shown(value)}; give ${kind} ${range}`)
}

/** What a number may be. */
export interface Range {
  readonly least: number
  /** Largest; left out, any finite number. */
  readonly most?: number
  readonly whole?: boolean
}

/** The longest time that a timer takes, in milliseconds: 24.8 days. */
export const LONGEST_TIMER: number = 2 ** 31 - 1

function shown(value: unknown): string {
  if (typeof value === 'string') return JSON.stringify(value.slice(0, 40))
  return typeof value === 'object' && value !== null ? 'an object' : String(value).slice(0, 40)
}
