import { isRecord } from '../../../protocol/json-rpc.ts'
import { isSmall, type Members } from './read-members.ts'
import { RouteProblem } from './route-problem.ts'

/** Where references lead. */
export interface ReferenceTargets {
  resolve(reference: string): unknown
  /** Why a reference leads nowhere, in words. */
  problemOf(reference: string): string
}

const MOST_HOPS = 50

/**
 * The object that stands somewhere, or that the reference there leads to, which may bring a description of its own.
 * Throws `RouteProblem` for references that lead nowhere; undefined: there is no object.
 */
export function followed(value: unknown, targets: ReferenceTargets): Members | undefined {
  let current = value
  let described: Members = {}
  for (let hops = 0; isRecord(current) && typeof current.$ref === 'string'; hops++) {
    const { $ref, summary, description } = current
    if (hops === MOST_HOPS) throw new RouteProblem(`its reference ${quoted($ref)} leads back to itself`)
    described = { ...(isText(summary) && { summary }), ...(isText(description) && { description }), ...described }
    current = targets.resolve($ref)
    if (!isRecord(current)) throw new RouteProblem(`its reference ${quoted($ref)} ${targets.problemOf($ref)}`)
  }
  if (!isRecord(current)) return undefined
  return Object.keys(described).length > 0 && isSmall(current) ? { ...current, ...described } : current
}

function quoted(reference: string): string {
  return JSON.stringify(reference.length > 120 ? `${reference.slice(0, 119)}…` : reference)
}

function isText(value: unknown): value is string {
  return typeof value === 'string'
}
