import type { Change, Stop } from '../../engine/application.ts'
import type { Context } from '../../engine/context.ts'
import { keepListening } from './listening.ts'
import type { Session } from './session.ts'

/** The wishes of callers to hear of changes of contents, as a server elsewhere is told of them. */
export interface Watches {
  /** Has the server elsewhere tell of changes of a resource; resolves once it has agreed or refused. Never rejects. */
  watch(uri: string, context: Context): Promise<Stop>
  /** Ends them all. */
  close(): void
}

/** What watches need. */
export interface WatchesOptions {
  /** Whose resource it is: one text for all callers who see the same one. */
  keyOf(context: Context): string
  session(context: Context): Promise<Session>
  onChange(change: Change): void
  report(problem: Error): void
}

interface Watched {
  count: number
  readonly began: Promise<Stop>
}

/** Makes watches: however many callers watch a resource, its server is asked once. */
export function createWatches({ keyOf, session, onChange, report }: WatchesOptions): Watches {
  const all = new Map<string, Watched>()

  const release = (key: string, watched: Watched): void => {
    if (--watched.count > 0) return
    if (all.get(key) === watched) all.delete(key)
    void watched.began.then((stop) => stop())
  }
  return {
    async watch(uri, context) {
      const key = JSON.stringify([keyOf(context), uri])
      const watched = all.get(key) ?? {
        count: 0,
        began: keepListening({
          filter: () => ({ resources: [uri] }),
          session: () => session(context),
          hear: () => onChange({ kind: 'contents', uri }),
          report,
        }),
      }
      watched.count++
      all.set(key, watched)
      await watched.began
      let isOver = false
      return () => {
        if (!isOver) release(key, watched)
        isOver = true
      }
    },
    close() {
      for (const { began } of all.values()) void began.then((stop) => stop())
      all.clear()
    },
  }
}
