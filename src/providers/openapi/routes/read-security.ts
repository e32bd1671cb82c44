import { isRecord } from '../../../protocol/json-rpc.ts'
import { type Members, memberIn } from './read-members.ts'
import type { Reading } from './reading.ts'
import type { SecurityNeed } from './route.ts'

/** What proves a caller: as the operation says, else as the document does. */
export function readSecurity(operation: Members, document: Members, reading: Reading): readonly SecurityNeed[] {
  const own = memberIn(operation, 'security')
  const needs = Array.isArray(own) ? own : memberIn(document, 'security')
  if (!Array.isArray(needs)) return []
  return reading.memory.security.read(needs, reading, () => needs.filter(isRecord).map(needOf))
}

function needOf(need: Members): SecurityNeed {
  return new Map(
    Object.entries(need).map(([scheme, scopes]) => [
      scheme,
      Array.isArray(scopes) ? scopes.filter((scope) => typeof scope === 'string') : [],
    ]),
  )
}
