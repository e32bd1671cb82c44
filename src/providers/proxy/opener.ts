import { type ConnectOptions, parseCommand, type ServerObject, type Target } from '../../client/index.ts'
import type { Abilities } from './abilities.ts'
import type { Caller } from './caller.ts'
import { VIA_HEADER, VIA_VARIABLE } from './chain.ts'
import type { ProxyTarget, Settings } from './options.ts'
import { openSession, type Session } from './session.ts'

/** Opens sessions with a server elsewhere, for one caller each; `way` is how whoever needs it first has come. */
export type Opener = (caller: Caller, abilities: Abilities, way: string) => Promise<Session>

/** Makes the opener of a target. Headers of one caller go along over their own connections only. */
export function createOpener(target: ProxyTarget, settings: Settings): Opener {
  const { era, connectTimeout, timeout, stderr = 'inherit', headersFor, onError } = settings
  const isRemote = typeof target === 'object' && 'url' in target
  const always = { ...(isRemote && target.headers), ...settings.headers }
  const place: Target = isRemote ? target.url : target

  return async ({ auth, headers }, abilities, way) => {
    const theirs = headersFor === undefined ? {} : await headersFor(auth)
    const connect: ConnectOptions = {
      ...(era !== undefined && { era }),
      ...(auth !== undefined && isServerObject(target) && { auth }),
      headers: { ...merged(always, headers, theirs), [VIA_HEADER]: way },
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
    return openSession({ target: withWay(place, way), connect, abilities })
  }
}

/** Whether a server is a program to be run. */
export function isCommand(target: ProxyTarget): boolean {
  if (typeof target === 'string') return !/^[a-z][a-z0-9+.-]*:\/\//i.test(target)
  return 'command' in target
}

/** Whether a server is one of this process: who is calling goes along by itself. */
export function isServerObject(target: ProxyTarget): target is ServerObject {
  return typeof target === 'object' && '~connect' in target
}

/** A child knows by its environment behind how many proxies it stands. */
function withWay(place: Target, way: string): Target {
  const command = typeof place === 'string' && isCommand(place) ? parseCommand(place) : place
  if (typeof command !== 'object' || !('command' in command)) return place
  return { ...command, env: { ...command.env, [VIA_VARIABLE]: way } }
}

/** Names in any case are one; what comes later wins, so that nothing of a caller takes the place of what was set. */
function merged(
  always: Readonly<Record<string, string>>,
  forwarded: Readonly<Record<string, string>>,
  theirs: Readonly<Record<string, string | undefined>>,
): Readonly<Record<string, string>> {
  const all = new Map<string, string>()
  for (const headers of [forwarded, always, theirs]) {
    for (const [name, value] of Object.entries(headers)) if (value !== undefined) all.set(name.toLowerCase(), value)
  }
  return Object.fromEntries(all)
}
