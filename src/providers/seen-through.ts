import { noteBelow } from './lineage.ts'
import { listHintOf } from './list-hints.ts'
import type { Provider } from './provider.ts'
import { isSteady, noteSteady } from './steady.ts'

/** What of a provider is another than in the one that is seen through it. */
export interface Seeing
  extends Pick<Provider, 'list' | 'find'>,
    Partial<Pick<Provider, 'onChange' | 'start' | 'listHint'>> {
  /** Whether it shows callers different things by itself. Left out, it does not. */
  readonly isPersonal?: () => boolean
  /** What it is made of, where that is not the provider that is seen. */
  readonly below?: object
}

/** A provider that shows another one in its own way: whatever is not said is as it is there, at every moment. */
export function seenThrough(source: Provider, seeing: Seeing): Provider {
  const { list, find, isPersonal = () => false, below = source } = seeing
  const seen: Provider = {
    list,
    find,
    listHint: seeing.listHint ?? ((kind, otherwise) => listHintOf(source, kind, otherwise)),
    onChange: seeing.onChange ?? ((listener) => source.onChange(listener)),
    start: 'start' in seeing ? seeing.start : source.start,
    get perCaller() {
      return isPersonal() || source.perCaller === true
    },
    get isRemote() {
      return source.isRemote === true
    },
  }
  return noteBelow(
    noteSteady(seen, () => !isPersonal() && isSteady(source)),
    () => [below],
  )
}
