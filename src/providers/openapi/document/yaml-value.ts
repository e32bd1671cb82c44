import type { isAlias, isMap, isScalar, isSeq, Node, Pair, YAMLMap } from 'yaml'
import { DEEPEST } from './copy-document.ts'
import { unusable } from './document-error.ts'

/** What tells the nodes of YAML apart; the reader is loaded for YAML only. */
export interface YamlKinds {
  readonly isAlias: typeof isAlias
  readonly isMap: typeof isMap
  readonly isScalar: typeof isScalar
  readonly isSeq: typeof isSeq
}

const MOST = { aliases: 100, mergedKeys: 1_000_000 }

/**
 * Plain data of what was read. What an alias stands for is shared, not repeated. Throws for what JSON has not: keys that
 * are no text, data that contains itself.
 */
export function valueOfYaml(node: unknown, kinds: YamlKinds): unknown {
  return new Values(kinds).of(node, 0)
}

class Values {
  readonly #kinds: YamlKinds
  readonly #anchors = new Map<string, { readonly value: unknown; uses: number }>()
  #mergedKeys = 0

  constructor(kinds: YamlKinds) {
    this.#kinds = kinds
  }

  of(node: unknown, depth: number): unknown {
    if (depth > DEEPEST) throw unusable(`nests deeper than ${DEEPEST} levels`)
    const { isAlias, isMap, isScalar, isSeq } = this.#kinds
    if (isAlias(node)) return this.#aliased(node.source)
    if (isScalar(node)) return this.#keep(node, node.value)
    if (isSeq(node))
      return this.#keep(
        node,
        node.items.map((item) => this.of(item, depth + 1)),
      )
    return isMap(node) ? this.#keep(node, this.#membersOf(node, depth)) : null
  }

  /** An anchor counts from the end of what it names, so that nothing can contain itself. */
  #keep({ anchor }: Node, value: unknown): unknown {
    if (anchor !== undefined && anchor !== '') this.#anchors.set(anchor, { value, uses: 0 })
    return value
  }

  #aliased(name: string): unknown {
    const target = this.#anchors.get(name)
    const shown = name.slice(0, 60)
    if (target === undefined) throw unusable(`has the YAML alias *${shown} without an anchor before it`)
    if (++target.uses > MOST.aliases)
      throw unusable(`has the YAML alias *${shown} more than ${MOST.aliases} times; convert it to JSON`)
    return target.value
  }

  #membersOf({ items }: YAMLMap, depth: number): Record<string, unknown> {
    const members: Record<string, unknown> = {}
    const merged: unknown[] = []
    for (const pair of items) {
      const key = this.#keyOf(pair)
      const value = this.of(pair.value, depth + 1)
      if (key === '<<') for (const source of Array.isArray(value) ? value : [value]) merged.push(source)
      else if (key !== '__proto__') members[key] = value
    }
    for (const source of merged) this.#merge(source, members)
    return members
  }

  #merge(source: unknown, members: Record<string, unknown>): void {
    if (typeof source !== 'object' || source === null) return
    for (const [key, value] of Object.entries(source)) {
      if (++this.#mergedKeys > MOST.mergedKeys) throw unusable('merges too much YAML; convert it to JSON')
      if (!Object.hasOwn(members, key)) members[key] = value
    }
  }

  #keyOf({ key }: Pair): string {
    const { isAlias, isScalar } = this.#kinds
    const name = isAlias(key) ? this.#aliased(key.source) : isScalar(key) ? this.#keep(key, key.value) : key
    if (typeof name === 'object' && name !== null) throw unusable('has a YAML key that is no text')
    return String(name)
  }
}
