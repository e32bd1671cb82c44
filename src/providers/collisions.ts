import { KINDS, type Kind } from '../components/component.ts'
import { DefinitionError } from '../protocol/errors.ts'
import type { Provider, View } from './provider.ts'

/** A source of a server, and what it is called in messages. */
export interface NamedSource {
  readonly provider: Provider
  readonly label: string
}

/** Two components of one id: the first answers, the second is never reached. */
export interface Collision {
  readonly kind: Kind
  readonly id: string
  readonly first: string
  readonly second: string
}

const ANYONE: View = { auth: undefined, sessionId: undefined }

/**
 * What an additional source has in common with those already there. Sources that are elsewhere are not asked: what they have
 * is known when they are first listed.
 */
export function collisionsNow(known: readonly NamedSource[], added: NamedSource): Collision[] {
  return KINDS.flatMap((kind) => {
    const mine = idsOf(added, kind)
    if (mine === undefined || mine.length === 0) return []
    return known.flatMap((source) =>
      common(kind, { source, ids: idsOf(source, kind) ?? [] }, { source: added, ids: mine }),
    )
  })
}

/** The error of a collision, with what to do about it; `others` is how many more there are. */
export function collisionError({ kind, id, first, second }: Collision, others = 0): DefinitionError {
  const rest = others === 0 ? '' : `, and they share ${others} more`
  return new DefinitionError(
    `${kind} "${id}"`,
    `both ${first} and ${second} have one${rest}; give one of them another namespace, or rename it`,
  )
}

interface Ids {
  readonly source: NamedSource
  readonly ids: readonly string[]
}

function common(kind: Kind, one: Ids, other: Ids): Collision[] {
  const known = new Set(one.ids)
  return other.ids
    .filter((id) => known.has(id))
    .map((id) => ({ kind, id, first: one.source.label, second: other.source.label }))
}

/** The ids of what a source has, where it can be asked at once. */
export function idsOf({ provider }: NamedSource, kind: Kind): readonly string[] | undefined {
  if (provider.isRemote) return undefined
  const list = provider.list(kind, ANYONE)
  if (!(list instanceof Promise)) return list.map(({ id }) => id)
  // Whoever lists it next hears of what went wrong.
  list.catch(() => undefined)
  return undefined
}
