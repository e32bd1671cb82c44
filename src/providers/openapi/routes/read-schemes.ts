import type { SecurityScheme } from './api.ts'
import { followed, type ReferenceTargets } from './follow-reference.ts'
import { type Members, memberIn, membersIn, textIn } from './read-members.ts'
import { RouteProblem } from './route-problem.ts'

/** The security schemes of a document by their names; those that make no sense are `unknown`. */
export function readSchemes(document: Members, targets: ReferenceTargets): ReadonlyMap<string, SecurityScheme> {
  const schemes = membersIn(membersIn(document, 'components'), 'securitySchemes')
  return new Map(Object.entries(schemes).map(([name, scheme]) => [name, schemeOf(scheme, targets)]))
}

function schemeOf(value: unknown, targets: ReferenceTargets): SecurityScheme {
  const members = readable(value, targets)
  const [type, name, scheme] = [memberIn(members, 'type'), textIn(members, 'name'), textIn(members, 'scheme')]
  const place = KEY_PLACES.find((known) => known === memberIn(members, 'in'))
  if (type === 'apiKey' && name !== undefined && place !== undefined) return { type, name, in: place }
  if (type === 'http' && scheme !== undefined) return { type, scheme: scheme.toLowerCase() }
  if (type === 'oauth2' || type === 'openIdConnect' || type === 'mutualTLS') return { type }
  return { type: 'unknown' }
}

const KEY_PLACES = ['query', 'header', 'cookie'] as const

function readable(value: unknown, targets: ReferenceTargets): Members {
  try {
    return followed(value, targets) ?? {}
  } catch (problem) {
    if (problem instanceof RouteProblem) return {}
    throw problem
  }
}
