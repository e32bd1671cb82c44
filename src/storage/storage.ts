import { FastMCPError } from '../protocol/errors.ts'

/** What can be stored: JSON, with bytes anywhere in it. */
export type Stored =
  | null
  | boolean
  | number
  | string
  | Uint8Array
  | readonly Stored[]
  | { readonly [key: string]: Stored | undefined }

/** How long a value is kept. */
export interface KeepOptions {
  /** Milliseconds from now; left out, `set` keeps it for good, and the others keep the time it has. */
  readonly ttlMs?: number
}

/**
 * Where everything stateful is kept. A key is any text of at most 1,024 characters. Values are copied in and out: what
 * you change after `set` or `get` changes nothing here. Every method rejects with `StorageError` for what it cannot keep.
 */
export interface Storage {
  get(key: string): Promise<Stored | undefined>
  set(key: string, value: Stored, options?: KeepOptions): Promise<void>
  /** Returns whether there was anything to delete. */
  delete(key: string): Promise<boolean>
  /**
   * Replaces a value by what `change` makes of it, as one step: of two updates at once the second sees
   * what the first left. `undefined` stands for no value on both sides. `change` may be called again
   * when somebody else was faster, so it must do nothing else. What it throws is thrown on, and changes nothing.
   */
  update(
    key: string,
    change: (current: Stored | undefined) => Stored | undefined,
    options?: KeepOptions,
  ): Promise<Stored | undefined>
  /** Adds to a whole number, as one step, beginning at 0; `ttlMs` counts when it begins. Returns the sum. */
  increment(key: string, by?: number, options?: KeepOptions): Promise<number>
  /** The keys that begin with `prefix`, in no order; what changes meanwhile may be in it or not. */
  list(prefix: string): AsyncIterable<string>
}

/**
 * Something that cannot be stored, or a store that does not answer. `INVALID`: no such thing can be stored.
 * `TOO_LARGE`: less of it could be. `UNAVAILABLE`: try later.
 */
export class StorageError extends FastMCPError {
  declare readonly code: 'INVALID' | 'TOO_LARGE' | 'UNAVAILABLE'

  constructor(code: StorageError['code'], message: string, options?: ErrorOptions) {
    super(code, message, options)
  }
}
