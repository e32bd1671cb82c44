import { every } from '../../engine/timer.ts'
import { builtin } from '../runtime.ts'
import type { Processor } from './processor.ts'

/** Tells that a piece of work kept everything else waiting, for so many milliseconds. */
export type OnBlock = (label: string, ms: number) => void

/** Names what a call does after it has waited for something. */
export interface Trace {
  /** Begins to look on, unless that has cost enough already. Returns whether what is run now is looked at. */
  open(): boolean
  /** Runs work that, with all that follows from it, goes by a name. */
  run<Args extends readonly unknown[], R>(label: string, work: (...args: Args) => R, ...args: Args): R
  /** Work that was measured otherwise ended at `end`, and is not to be measured again. */
  skip(end: number): void
  /** Somebody was named by other means, so that nobody is to be looked for. */
  hasNamed: boolean
}

/** The part of `node:async_hooks` that is needed. */
interface AsyncHooks {
  readonly AsyncLocalStorage: new () => {
    getStore(): string | undefined
    run: Trace['run']
    disable(): void
  }
  createHook(callbacks: { before(): void; after(): void }): { enable(): unknown; disable(): unknown }
}

/** The real clock, even where a test has replaced the one that others see. */
export const now: () => number = performance.now.bind(performance)

/** Milliseconds after which others have noticed. */
export const NOTICED_MS = 100

const BEAT_MS = 100
/** Pieces of work that are looked at between two beats: about a hundredth of the time. */
const PIECES_PER_BEAT = 2_000
/** How long no cost is spared once something blocked that nobody was named for. */
const CLOSELY_MS = 10_000

/**
 * Measures every piece of work between two waits, while named work is under way. That costs about half a microsecond a
 * piece, so a busy server looks at the first two thousand of every 100 ms, and at all once the loop was blocked by something
 * that was not looked at. Undefined where the runtime does not tell of such pieces.
 */
export function createTrace(processor: Processor, onBlock: OnBlock): Trace | undefined {
  // Checked below for what is used of it.
  const hooks = builtin('node:async_hooks') as Partial<AsyncHooks> | undefined
  if (typeof hooks?.AsyncLocalStorage !== 'function' || typeof hooks.createHook !== 'function') return undefined
  return new HookedTrace(hooks as AsyncHooks, processor, onBlock)
}

class HookedTrace implements Trace {
  readonly #names: InstanceType<AsyncHooks['AsyncLocalStorage']>
  readonly #hook: ReturnType<AsyncHooks['createHook']>
  readonly #processor: Processor
  readonly #onBlock: OnBlock
  hasNamed = false
  #isOpen = false
  /** Named work under way. */
  #live = 0
  /** When the piece began that runs now. */
  #since = 0
  #pieces = 0
  #pulse: ReturnType<typeof every> | undefined
  #due = 0
  #closelyUntil = 0

  constructor({ AsyncLocalStorage, createHook }: AsyncHooks, processor: Processor, onBlock: OnBlock) {
    this.#names = new AsyncLocalStorage()
    this.#processor = processor
    this.#onBlock = onBlock
    // Whatever these throw ends the process: they only compare, and note.
    this.#hook = createHook({
      before: () => {
        this.#since = now()
        this.#pieces++
        processor.note(this.#since)
      },
      after: () => {
        const end = now()
        const ms = end - this.#since
        if (ms > NOTICED_MS && !processor.wasTaken(ms, end)) this.#name(ms)
        this.#since = end
        if (this.#pieces > PIECES_PER_BEAT && end > this.#closelyUntil) this.#lookAway()
      },
    })
  }

  open(): boolean {
    if (this.#isOpen) return true
    if (this.#pieces > PIECES_PER_BEAT && now() > this.#closelyUntil) return false
    this.#hook.enable()
    this.#isOpen = true
    this.#since = now()
    if (this.#pulse !== undefined) return true
    this.#due = now() + BEAT_MS
    this.#pulse = every(() => this.#beat(), BEAT_MS)
    return true
  }

  run<Args extends readonly unknown[], R>(label: string, work: (...args: Args) => R, ...args: Args): R {
    const returned = this.#names.run(label, work, ...args)
    if (returned instanceof Promise) {
      this.#live++
      returned.then(this.#done, this.#done)
    }
    return returned
  }

  skip(end: number): void {
    this.#since = end
  }

  readonly #done = (): void => {
    this.#live--
    if (this.#live === 0 && !this.#isOpen) this.#names.disable()
  }

  #name(ms: number): void {
    const label = this.#names.getStore()
    if (label === undefined) return
    this.hasNamed = true
    this.#onBlock(label, ms)
  }

  /** Late beats tell of blocks, whoever was behind them. */
  #beat(): void {
    const at = now()
    const late = at - this.#due
    if (late > NOTICED_MS && !this.hasNamed && !this.#processor.wasTaken(late, at)) this.#closelyUntil = at + CLOSELY_MS
    this.#due = at + BEAT_MS
    this.hasNamed = false
    this.#pieces = 0
    if (this.#live > 0 || at < this.#closelyUntil) this.open()
    else this.#rest()
  }

  #rest(): void {
    this.#lookAway()
    clearInterval(this.#pulse)
    this.#pulse = undefined
  }

  /** Work under way keeps its name: it may be looked at again. */
  #lookAway(): void {
    if (!this.#isOpen) return
    this.#isOpen = false
    this.#hook.disable()
    if (this.#live === 0) this.#names.disable()
  }
}
