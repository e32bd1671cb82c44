import type { OpenApiReport } from '../report.ts'
import type { SkippedRoute } from '../routes/api.ts'
import { labelOf, oneLine } from './label.ts'

const MOST = { reasons: 3, names: 20 }
const LONGEST_REASON = 300

/** The report in one line, for who runs the server; undefined where there is nothing that they should know. */
export function noteOn(report: OpenApiReport): string | undefined {
  const { title, version, taken, excluded, skipped, missingCredentials } = report
  const isEmpty = taken.length === 0 && excluded.length === 0
  if (!isEmpty && skipped.length === 0 && missingCredentials.length === 0) return undefined
  const left = skipped.length === 0 ? '' : `; ${skipped.length} cannot be (${reasonsOf(skipped).join('; ')})`
  const missing = missingCredentials.length === 0 ? '' : `; no credentials for ${listed(missingCredentials)}`
  const name = [title || 'The API', version].filter((part) => part !== '').join(' ')
  const offered = taken.length === 1 ? '1 operation is' : `${taken.length} operations are`
  return `openapi: of ${name}, ${offered} offered${left}${missing}`
}

/** Each reason once, with the first operation that it is for. */
function reasonsOf(skipped: readonly SkippedRoute[]): readonly string[] {
  const byReason = new Map<string, SkippedRoute[]>()
  for (const route of skipped) {
    const alike = byReason.get(route.reason)
    if (alike === undefined) byReason.set(route.reason, [route])
    else alike.push(route)
  }
  const shown = [...byReason].slice(0, MOST.reasons).map(([reason, [first, ...others]]) => {
    const label = first === undefined ? '' : labelOf(first)
    const more = others.length === 0 ? '' : ` and ${others.length} more`
    return `${label}${more}: ${oneLine(reason, LONGEST_REASON)}`
  })
  return byReason.size > MOST.reasons ? [...shown, 'and others for other reasons'] : shown
}

function listed(names: readonly string[]): string {
  const shown = names.slice(0, MOST.names).map((name) => oneLine(name))
  return shown.join(', ') + (names.length > MOST.names ? ` and ${names.length - MOST.names} more` : '')
}
