let second = Number.NaN
let beginning = ''

/** A time as ISO 8601. All that lasts for a second is made once in it: there may be a line for every call. */
export function timestamp(now: number = Date.now()): string {
  const whole = Math.floor(now / 1000)
  if (whole !== second) {
    beginning = new Date(whole * 1000).toISOString().slice(0, -'000Z'.length)
    second = whole
  }
  return `${beginning}${String(Math.floor(now - whole * 1000)).padStart(3, '0')}Z`
}
