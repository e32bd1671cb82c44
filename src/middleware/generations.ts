import { Generation, type Lasting } from './generation.ts'

/** How much is kept. */
export interface GenerationsOptions {
  readonly max: number
  readonly maxBytes: number
}

/** Which values are meant. */
export type Meant = { readonly prefix: string } | { readonly tag: string }

/**
 * Values by key, at most so many and so large. There are two generations: what is put in or asked for is in the younger
 * one, and when that has half of what there may be, the elder goes as a whole. So what was not asked for longest goes
 * first, a good many at a time, and to put something in costs next to nothing: a cache in front of calls that never
 * come twice must not make them slow.
 */
export class Generations<V extends Lasting> {
  readonly #most: number
  readonly #mostBytes: number
  readonly #keepsElder: boolean
  #young = new Generation<V>()
  #elder = new Generation<V>()

  constructor({ max, maxBytes }: GenerationsOptions) {
    this.#most = Math.max(1, Math.floor(max / 2))
    this.#mostBytes = maxBytes / 2
    this.#keepsElder = max > 1
  }

  get(key: string): V | undefined {
    const young = this.#young.get(key)
    const value = young ?? this.#elder.get(key)
    if (value === undefined) return undefined
    if (performance.now() >= value.expiresAt) {
      this.#delete(key)
      return undefined
    }
    if (young === undefined) this.set(key, value)
    return value
  }

  /** Keeps a value in place of any other; not one that is larger than half of all may be. */
  set(key: string, value: V): void {
    // What the elder has under the key stays there unseen: the younger counts.
    this.#young.delete(key)
    if (value.bytes > this.#mostBytes) {
      this.#elder.delete(key)
      return
    }
    if (this.#young.size >= this.#most || this.#young.bytes + value.bytes > this.#mostBytes) {
      if (this.#keepsElder) this.#elder = this.#young
      this.#young = new Generation()
    }
    this.#young.add(key, value)
  }

  /** Takes out what is meant; gives how many of them had not expired. */
  remove(meant: Meant): number {
    const now = performance.now()
    let count = 0
    for (const generation of [this.#elder, this.#young]) {
      const keys = 'tag' in meant ? generation.withTag(meant.tag) : generation.withPrefix(meant.prefix)
      for (const key of keys) {
        const isSeen = generation === this.#young || this.#young.get(key) === undefined
        if (isSeen && now < (generation.get(key)?.expiresAt ?? 0)) count++
        // With what it hides in the elder, which must not come back.
        if (isSeen) this.#delete(key)
        else generation.delete(key)
      }
    }
    return count
  }

  clear(): void {
    this.#young = new Generation()
    this.#elder = new Generation()
  }

  #delete(key: string): void {
    this.#young.delete(key)
    this.#elder.delete(key)
  }
}
