import type { Change, Stop } from '../engine/application.ts'

type Listener = (change: Change) => void

/** Who hears of changes. */
export interface Listeners {
  tell(change: Change): void
  /** The same function may listen several times; each time ends by itself. */
  add(listener: Listener): Stop
}

/** Makes an empty circle of listeners. Whoever leaves or comes while they are told changes nothing for the others. */
export function createListeners(): Listeners {
  const listeners = new Set<Listener>()
  return {
    tell(change) {
      for (const listener of [...listeners]) listener(change)
    },
    add(listener) {
      const own: Listener = (change) => listener(change)
      listeners.add(own)
      return () => void listeners.delete(own)
    },
  }
}
