import type { Stop } from '../../engine/application.ts'
import type { Context } from '../../engine/context.ts'
import { keepListening } from './listening.ts'
import type { Found } from './session.ts'
import type { Hearers, Tell } from './telling.ts'

/** The wishes of callers to hear of changes of contents, as a server elsewhere is told of them. */
export interface Watches {
  /** Has the server elsewhere tell of changes of a resource; resolves once it has agreed or refused. Never rejects. */
  watch(uri: string, context: Context): Promise<Stop>
  /** Ends them all. */
  close(): void
}

/** What watches need. */
export interface WatchesOptions {
  /** Those who hear what is heard over the connection of this caller; undefined for everybody. */
  hearersOf(context: Context): Hearers | undefined
  /** For so many of them connections are kept. */
  readonly mostCallers: number
  session(context: Context): Found
  readonly tell: Tell
  report(problem: Error): void
}

interface Watched {
  count: number
  readonly began: Promise<Stop>
}

/** What those who go by one connection watch, by its URI. */
type OfCaller = Map<string, Watched>

/** Makes watches: however many callers watch a resource over one connection, its server is asked once. */
export function createWatches({ hearersOf, mostCallers, session, tell, report }: WatchesOptions): Watches {
  const callers = new Map<string | undefined, OfCaller>()

  const begin = (uri: string, context: Context): Watched => ({
    count: 0,
    began: keepListening({
      filter: () => ({ resources: [uri] }),
      session: () => session(context),
      hear: () => tell({ kind: 'contents', uri }, hearersOf(context)),
      report,
    }),
  })
  const release = (key: string | undefined, own: OfCaller, uri: string): void => {
    const watched = own.get(uri)
    if (watched === undefined || --watched.count > 0) return
    own.delete(uri)
    if (own.size === 0 && callers.get(key) === own) callers.delete(key)
    void watched.began.then((stop) => stop())
  }
  return {
    async watch(uri, context) {
      const key = hearersOf(context)?.key
      const own: OfCaller = callers.get(key) ?? new Map()
      if (own.size === 0 && callers.size >= mostCallers) {
        report(
          new Error(
            `Connections are kept for ${mostCallers} callers who watch resources: one more hears of no changes`,
          ),
        )
        return () => undefined
      }
      const watched = own.get(uri) ?? begin(uri, context)
      watched.count++
      callers.set(key, own.set(uri, watched))
      await watched.began
      let isOver = false
      return () => {
        if (!isOver) release(key, own, uri)
        isOver = true
      }
    },
    close() {
      for (const own of callers.values()) for (const { began } of own.values()) void began.then((stop) => stop())
      callers.clear()
    },
  }
}
