/** Something that is kept for a while. */
export interface Lasting {
  /** By the clock that never jumps. */
  readonly expiresAt: number
  readonly bytes: number
  readonly tags: readonly string[]
}

/** Values by key, which go all together in the end. */
export class Generation<V extends Lasting> {
  readonly #values = new Map<string, V>()
  readonly #tagged = new Map<string, Set<string>>()
  #bytes = 0

  get size(): number {
    return this.#values.size
  }

  get bytes(): number {
    return this.#bytes
  }

  get(key: string): V | undefined {
    return this.#values.get(key)
  }

  /** Adds a value under a key that has none. */
  add(key: string, value: V): void {
    this.#values.set(key, value)
    this.#bytes += value.bytes
    for (const tag of value.tags) {
      const keys = this.#tagged.get(tag)
      if (keys === undefined) this.#tagged.set(tag, new Set([key]))
      else keys.add(key)
    }
  }

  delete(key: string): void {
    const value = this.#values.get(key)
    if (value === undefined) return
    this.#values.delete(key)
    this.#bytes -= value.bytes
    for (const tag of value.tags) {
      const keys = this.#tagged.get(tag)
      if (keys?.delete(key) && keys.size === 0) this.#tagged.delete(tag)
    }
  }

  /** The keys of values with a tag. */
  withTag(tag: string): readonly string[] {
    return [...(this.#tagged.get(tag) ?? [])]
  }

  /** The keys that begin so; looks at all of them. */
  withPrefix(prefix: string): readonly string[] {
    return [...this.#values.keys()].filter((key) => key.startsWith(prefix))
  }
}
