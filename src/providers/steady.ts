import type { Provider } from './provider.ts'

const STEADY = new WeakMap<object, () => boolean>()
let turn = 0

/**
 * Notes of which provider this is true: it lists the same for every caller, at once, until `noteChange` has been called.
 * Whoever is made of many such need not ask them all again. Of others, such as those of another copy of the library, nothing
 * is known.
 */
export function noteSteady<P extends Provider>(provider: P, steady: () => boolean): P {
  STEADY.set(provider, steady)
  return provider
}

/** Whether a provider is known to be steady at the moment. */
export function isSteady(provider: Provider): boolean {
  return STEADY.get(provider)?.() === true
}

/** What a steady provider has, or whether it is steady, is another one now. */
export function noteChange(): void {
  turn++
}

/** Another number after every change. */
export function turnNow(): number {
  return turn
}
