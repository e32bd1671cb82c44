import { isRecord } from '../../../protocol/json-rpc.ts'
import { indexNames } from './index-names.ts'
import { childAt, stepsOf } from './pointer.ts'

type Members = Readonly<Record<string, unknown>>

/** References to references are followed so often. */
const MOST_HOPS = 50
/** Longer than any place of a document that is not too deep. */
const LONGEST = 20_000

/** Finds what the references of one document lead to, each once. */
export class References {
  readonly #root: Members
  /** Addresses under which the document refers to itself. */
  readonly #own: readonly URL[]
  readonly #problems: ReadonlyMap<string, string>
  readonly #found = new Map<string, unknown>()
  #named: ReadonlyMap<string, unknown> | undefined
  #hops = 0

  /** `problems`: why other documents are not there, by their addresses. */
  constructor(root: Members, address?: URL, problems: ReadonlyMap<string, string> = new Map()) {
    const { $self } = root
    const self = typeof $self === 'string' && URL.canParse($self, address) ? new URL($self, address) : undefined
    this.#root = root
    this.#own = [address, self].flatMap((own) => own ?? [])
    this.#problems = problems
  }

  /** What a reference leads to; undefined: nowhere, out of the document, or to itself. */
  resolve(reference: string): unknown {
    const known = this.#found.get(reference)
    if (known !== undefined || this.#found.has(reference)) return known
    if (reference.length > LONGEST || this.#hops === MOST_HOPS) return undefined
    // For the time being, so that a circle ends here.
    this.#found.set(reference, undefined)
    this.#hops++
    const target = this.#follow(reference)
    this.#hops--
    this.#found.set(reference, target)
    return target
  }

  /** Why a reference leads nowhere, in words. */
  problemOf(reference: string): string {
    const [address = ''] = reference.split('#', 1)
    if (this.#fragmentOf(reference) !== undefined) return 'leads nowhere'
    const problem = this.#problems.get(address)
    if (problem !== undefined) return `leads to another document: ${problem}`
    return 'leads to another document; allow that with `externalReferences`, or bundle the documents into one'
  }

  #follow(reference: string): unknown {
    const target = this.#targetOf(reference)
    const isPlain = isRecord(target) && typeof target.$ref === 'string' && Object.keys(target).length === 1
    return isPlain ? this.resolve(String(target.$ref)) : target
  }

  #targetOf(reference: string): unknown {
    const fragment = this.#fragmentOf(reference)
    if (fragment === '' || fragment?.startsWith('/')) return this.#at(this.#root, fragment)
    this.#named ??= indexNames(this.#root)
    if (this.#named.has(reference)) return this.#named.get(reference)
    if (fragment !== undefined) return this.#named.get(`#${fragment}`)
    const at = reference.indexOf('#')
    return at < 0 ? undefined : this.#at(this.#named.get(reference.slice(0, at)), reference.slice(at + 1))
  }

  /** Where a step is missing, what the place refers to may have it. */
  #at(start: unknown, pointer: string): unknown {
    let node = start
    for (const step of stepsOf(pointer)) {
      let next = childAt(node, step)
      if (next === undefined && isRecord(node) && typeof node.$ref === 'string')
        next = childAt(this.resolve(node.$ref), step)
      if (next === undefined) return undefined
      node = next
    }
    return node
  }

  /** What of a reference stands behind its `#`, if what stands before it is this document. */
  #fragmentOf(reference: string): string | undefined {
    const at = reference.indexOf('#')
    if (at === 0) return reference.slice(1)
    const [address, fragment] = at < 0 ? [reference, ''] : [reference.slice(0, at), reference.slice(at + 1)]
    const isOwn = this.#own.some((own) => URL.canParse(address, own) && isSame(new URL(address, own), own))
    return isOwn ? fragment : undefined
  }
}

/** A reference to itself may leave out a query that only its address has. */
function isSame(one: URL, own: URL): boolean {
  const [bare] = own.href.split(/[?#]/, 1)
  return one.href.split(/[?#]/, 1)[0] === bare && (one.search === own.search || one.search === '')
}
