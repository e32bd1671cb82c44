import type { Result } from '../protocol/methods.ts'
import type { KeptResult } from './kept-result.ts'

/** What came of a load, for those who waited for somebody else to load. */
export type Landed =
  /** A result to share, and to keep. */
  | { readonly kept: KeptResult }
  /** A result for all who wait now, and nobody later. */
  | { readonly shared: Result }
  /** A failure for all who wait now. */
  | { readonly problem: unknown }
  /** Nothing to share: the one who loaded was asked something, or has left. */
  | { readonly alone: 'asked' | 'left' }

/** A load on its way. Nothing is made for those who wait unless somebody does. */
export class Flight {
  #landing: Promise<Landed> | undefined
  #tell: ((landed: Landed) => void) | undefined

  wait(): Promise<Landed> {
    this.#landing ??= new Promise((resolve) => {
      this.#tell = resolve
    })
    return this.#landing
  }

  land(landed: Landed): void {
    this.#tell?.(landed)
  }
}
