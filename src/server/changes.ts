import type { Change, Stop } from '../engine/application.ts'

/** Carries changes from wherever they happen to whoever listens. */
export interface Changes {
  publish(change: Change): void
  subscribe(listener: (change: Change) => void): Stop
}

/** A bus in memory. A listener that throws harms no other; `report` hears of it. */
export function createChanges(report: (problem: Error) => void): Changes {
  const listeners = new Set<(change: Change) => void>()
  return {
    publish(change) {
      for (const listener of listeners) {
        try {
          listener(change)
        } catch (problem) {
          report(problem instanceof Error ? problem : new Error(String(problem)))
        }
      }
    },
    subscribe(listener) {
      const own = (change: Change): void => listener(change)
      listeners.add(own)
      return () => void listeners.delete(own)
    },
  }
}
