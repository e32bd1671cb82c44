import type { ConnectOptions, ServerObject, Target } from '../../client/index.ts'
import type { Abilities } from './abilities.ts'
import type { Caller } from './caller.ts'
import type { ProxyTarget, Settings } from './options.ts'
import { openSession, type Session } from './session.ts'

/** Opens sessions with a server elsewhere, for one caller each. */
export type Opener = (caller: Caller, abilities: Abilities) => Promise<Session>

/** Makes the opener of a target. Headers of one caller go along over their own connections only. */
export function createOpener(target: ProxyTarget, settings: Settings): Opener {
  const { era, connectTimeout, timeout, stderr = 'inherit', headersFor, onError } = settings
  const isRemote = typeof target === 'object' && 'url' in target
  const always = { ...(isRemote && target.headers), ...settings.headers }
  const place: Target = isRemote ? target.url : target

  return async ({ auth, headers }, abilities) => {
    const theirs = headersFor === undefined ? {} : await headersFor(auth)
    const connect: ConnectOptions = {
      ...(era !== undefined && { era }),
      ...(auth !== undefined && isServerObject(target) && { auth }),
      headers: merged(always, headers, theirs),
      ...(settings.fetch !== undefined && { fetch: settings.fetch }),
      redirects: 'same-origin',
      timeout,
      connectTimeout,
      stderr,
      cache: false,
      // What each caller hears of is another thing.
      logLevel: 'debug',
      onError,
    }
    return openSession({ target: place, connect, abilities })
  }
}

/** Whether a server is one of this process: who is calling goes along by itself. */
export function isServerObject(target: ProxyTarget): target is ServerObject {
  return typeof target === 'object' && '~connect' in target
}

/** Names in any case are one; what comes later wins, so that nothing of a caller takes the place of what was set. */
function merged(
  always: Readonly<Record<string, string>>,
  forwarded: Readonly<Record<string, string>>,
  theirs: Readonly<Record<string, string>>,
): Readonly<Record<string, string>> {
  const all = new Map<string, string>()
  for (const headers of [forwarded, always, theirs]) {
    for (const [name, value] of Object.entries(headers)) all.set(name.toLowerCase(), value)
  }
  return Object.fromEntries(all)
}
