import type { Root, RootsResult } from '../protocol/asks.ts'
import type { Asking, AskOptions } from './asking.ts'

/** Asks a client for its directories; anything but files is left out. */
export async function roots(asking: Asking, { key }: AskOptions): Promise<readonly Root[]> {
  // The origin lets only answers through that have the shape of their question.
  const answer = (await asking.ask(asking.keyFor('roots', key), 'roots/list', {})) as RootsResult
  return answer.roots.filter(({ uri }) => uri.startsWith('file://') && URL.canParse(uri))
}
