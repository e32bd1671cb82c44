import type { Application, Change, Stop } from '../../engine/application.ts'
import { notificationText } from '../encode.ts'
import { whenAllowed } from '../when-allowed.ts'
import type { Session } from './session.ts'

type List = 'tools' | 'resources' | 'prompts'

const LIST_OF: Readonly<Record<Exclude<Change['kind'], 'contents'>, List>> = {
  tool: 'tools',
  resource: 'resources',
  template: 'resources',
  prompt: 'prompts',
}

/** Tells sessions that listen of changes in the application: one listener there for all of them, none for none. */
export class Announcements {
  readonly #application: Application
  readonly #sessions = new Set<Session>()
  #stop: Stop | undefined

  constructor(application: Application) {
    this.#application = application
  }

  join(session: Session): void {
    this.#sessions.add(session)
    this.#stop ??= this.#application.onChange((change) => this.#announce(change))
  }

  leave(session: Session): void {
    this.#sessions.delete(session)
    if (this.#sessions.size > 0) return
    this.#stop?.()
    this.#stop = undefined
  }

  #announce(change: Change): void {
    if (change.kind === 'contents') this.#announceContents(change, change.uri)
    else this.#announceList(change, LIST_OF[change.kind])
  }

  #announceList(change: Change, list: List): void {
    const text = JSON.stringify({ jsonrpc: '2.0', method: `notifications/${list}/list_changed` })
    for (const session of this.#sessions) {
      whenAllowed(
        () => session.wasPromised(list, change),
        () => session.tell(text),
      )
    }
  }

  #announceContents(change: Change, uri: string): void {
    const text = notificationText('notifications/resources/updated', { uri })
    for (const session of this.#sessions) {
      const watched = session.watched(uri)
      if (watched === undefined) continue
      whenAllowed(
        () => watched.mayHear(change),
        () => session.tell(text),
      )
    }
  }
}
