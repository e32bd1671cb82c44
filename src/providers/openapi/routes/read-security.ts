import { isRecord } from '../../../protocol/json-rpc.ts'
import { hasAtMost, type Members, memberIn } from './read-members.ts'
import type { Reading } from './reading.ts'
import type { SecurityNeed } from './route.ts'
import { RouteProblem } from './route-problem.ts'

/** Nobody reads more; what is left out of ways through makes it no wider. */
const MOST = { needs: 100, schemes: 20 }

/** What proves a caller: as the operation says, else as the document does. Throws `RouteProblem` where that is too much. */
export function readSecurity(operation: Members, document: Members, reading: Reading): readonly SecurityNeed[] {
  const own = memberIn(operation, 'security')
  const needs = Array.isArray(own) ? own : memberIn(document, 'security')
  if (!Array.isArray(needs)) return []
  const listed = needs.slice(0, MOST.needs).filter(isRecord)
  const known = reading.memory.security.read(needs, reading, () => listed.flatMap(needOf))
  // None would mean that it is open to everybody.
  if (known.length === 0 && listed.length > 0) throw new RouteProblem('it needs too many proofs at once')
  return known
}

function needOf(need: Members): SecurityNeed | readonly SecurityNeed[] {
  if (!hasAtMost(need, MOST.schemes)) return []
  return new Map(
    Object.entries(need).map(([scheme, scopes]) => [
      scheme,
      Array.isArray(scopes) ? scopes.filter((scope) => typeof scope === 'string') : [],
    ]),
  )
}
