import { FastMCPError } from '../protocol/errors.ts'

/** Returns a whole number above 0, at most `most`. Throws `FastMCPError` that names the option and the value. */
export function checkNumber(option: string, value: number, most: number = Number.MAX_SAFE_INTEGER): number {
  if (Number.isSafeInteger(value) && value > 0 && value <= most) return value
  const range = most === Number.MAX_SAFE_INTEGER ? 'above 0' : `from 1 to ${most}`
  throw new FastMCPError('SETTING', `${option} is ${String(value).slice(0, 40)}; give a whole number ${range}`)
}
