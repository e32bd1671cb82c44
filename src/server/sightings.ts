import { type AnyComponent, KINDS, type Kind } from '../components/component.ts'
import type { Provider, View } from '../providers/provider.ts'
import { isSteady } from '../providers/steady.ts'

/** What the lists of a server held when those who listen last heard of them. */
export interface Sightings {
  /** Looks at all lists as they are now. */
  look(): void
  /**
   * Whether clients see another list than at the last look, and looks again. Where that cannot be known at once, or differs by
   * caller, it counts as another.
   */
  isNew(kind: Kind): boolean
}

/** Makes the sightings of a server that has what `provider` has. */
export function createSightings(provider: Provider): Sightings {
  const seen = new Map<Kind, List | undefined>()
  const isOther = (kind: Kind): boolean => {
    const before = seen.get(kind)
    const now = listOf(provider, kind)
    seen.set(kind, now)
    return before === undefined || now === undefined || !isSame(before, now)
  }
  return {
    look() {
      for (const kind of KINDS) seen.set(kind, listOf(provider, kind))
    },
    // Fixed resources and templates are one list to clients: both are looked at.
    isNew: (kind) => (TWINS.includes(kind) ? TWINS : [kind]).map(isOther).includes(true),
  }
}

type List = readonly AnyComponent[]

const TWINS: readonly Kind[] = ['resource', 'template']
const ANYONE: View = { auth: undefined, sessionId: undefined }

/** A list that is the same for everybody and here at once. */
function listOf(provider: Provider, kind: Kind): List | undefined {
  if (!isSteady(provider)) return undefined
  try {
    const list = provider.list(kind, ANYONE)
    return list instanceof Promise ? undefined : list
  } catch {
    // Whoever lists it next hears of what went wrong.
    return undefined
  }
}

function isSame(before: List, now: List): boolean {
  return before === now || (before.length === now.length && before.every((each, place) => each === now[place]))
}
