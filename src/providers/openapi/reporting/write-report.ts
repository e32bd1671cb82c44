import type { OpenApiReport } from '../report.ts'
import { labelOf } from './label.ts'

const MOST_REASONS = 3

/** The report in one line, for who runs the server; undefined where there is nothing that they should know. */
export function noteOn({ title, version, taken, skipped, missingCredentials }: OpenApiReport): string | undefined {
  if (skipped.length === 0 && missingCredentials.length === 0) return undefined
  const reasons = skipped.slice(0, MOST_REASONS).map((route) => `${labelOf(route)}: ${route.reason}`)
  const more = skipped.length > MOST_REASONS ? [`and ${skipped.length - MOST_REASONS} more`] : []
  const left = skipped.length === 0 ? '' : `; ${skipped.length} cannot be (${[...reasons, ...more].join('; ')})`
  const missing = missingCredentials.length === 0 ? '' : `; no credentials for ${missingCredentials.join(', ')}`
  const name = [title || 'The API', version].filter((part) => part !== '').join(' ')
  const offered = taken.length === 1 ? '1 operation is' : `${taken.length} operations are`
  return `openapi: of ${name}, ${offered} offered${left}${missing}`
}
