type Path = readonly (string | number)[]
type Container = Record<string | number, unknown>

/** Changes to a value that leave the value itself alone: what lies on the way to a change is copied, once. */
export class Draft {
  #root: unknown
  readonly #fresh = new Set<unknown>()

  constructor(value: unknown) {
    this.#root = value
  }

  /** The value with all changes. */
  get value(): unknown {
    return this.#root
  }

  /** Puts `value` at `path`. The way there must exist. */
  set(path: Path, value: unknown): void {
    const last = path.at(-1)
    if (last === undefined) this.#root = value
    else this.#open(path.slice(0, -1))[last] = value
  }

  /** Takes the member at `path` out. */
  remove(path: Path): void {
    const last = path.at(-1)
    if (last !== undefined) delete this.#open(path.slice(0, -1))[last]
  }

  /** The container at `path`, copied if it is still the caller's. */
  #open(path: Path): Container {
    this.#root = this.#own(this.#root)
    let at = this.#root as Container // made by `#own`
    for (const key of path) {
      const inner = this.#own(at[key])
      at[key] = inner
      at = inner
    }
    return at
  }

  #own(value: unknown): Container {
    if (this.#fresh.has(value)) return value as Container // only containers are fresh
    const copy = (Array.isArray(value) ? [...value] : { ...(value as object) }) as Container // the way exists
    this.#fresh.add(copy)
    return copy
  }
}
