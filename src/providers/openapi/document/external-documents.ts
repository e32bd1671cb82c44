import { guardedFetch } from '../../../upstream/egress/guarded-fetch.ts'
import type { Fetch } from '../../../upstream/follow.ts'
import { copyDocument } from './copy-document.ts'
import { download, type Loaded, type LoadLimits } from './load-document.ts'
import { normalizeReferences } from './normalize-references.ts'
import { parseDocument } from './parse-document.ts'
import { readFileBelow } from './read-file.ts'

type Members = Readonly<Record<string, unknown>>

/** How the other documents of a document are read. */
export interface ExternalOptions {
  /** Has the say for each, by its whole address. */
  readonly isAllowed: (address: URL) => boolean
  /** Asks the document's own origin; others are asked through a guard. */
  readonly fetch: Fetch
  /** For all of them together. */
  readonly limits: LoadLimits
}

const MOST_DOCUMENTS = 100

/** A document without an address refers to others by whole addresses only. */
const NOWHERE = new URL('https://nowhere.invalid/openapi.json')
/** Files are named as if they were there, because the crawler takes all other names for paths of its own. */
const FILES = 'https://files.invalid'

/** The documents that a document refers to, each read once. */
export class ExternalDocuments {
  /** By the addresses that references have; what is not there could not be had. */
  readonly found: Map<string, Members> = new Map()
  /** Why not, by their addresses. */
  readonly problems: Map<string, string> = new Map()
  readonly #address: URL
  readonly #options: ExternalOptions
  readonly #guarded = guardedFetch()
  readonly #end: number
  #left: number
  #asked = 0
  #thrown: { readonly problem: unknown } | undefined

  constructor(address: URL | undefined, options: ExternalOptions) {
    this.#address = address ?? NOWHERE
    this.#options = options
    this.#left = options.limits.bytes
    this.#end = performance.now() + options.limits.timeout
  }

  /** Makes the references of the first document whole, and says what it is called. */
  start(root: Members): string {
    normalizeReferences(root, this.#address, nameOf)
    return nameOf(this.#address)
  }

  /** Rejects, and takes note of the reason, for what is not allowed or cannot be had. */
  async read(name: string): Promise<string> {
    const address = addressOf(name)
    try {
      const { text } = await this.#load(address)
      this.#left -= text.length
      const document = copyDocument(await parseDocument(text), this.#options.limits.bytes)
      normalizeReferences(document, address, nameOf)
      this.found.set(name, document)
      return name
    } catch (problem) {
      this.problems.set(address.href, problem instanceof Error ? problem.message : 'it cannot be had')
      throw problem
    }
  }

  parsed(name: string): Members {
    return this.found.get(name) ?? {}
  }

  /** What the author's own function threw is not to be lost. */
  rethrow(): void {
    if (this.#thrown !== undefined) throw this.#thrown.problem
  }

  async #load(address: URL): Promise<Loaded> {
    if (address.origin === NOWHERE.origin) throw new Error('the document has no address that it could be read against')
    if (!this.#isAllowed(address)) throw new Error('`externalReferences` does not allow it')
    if (++this.#asked > MOST_DOCUMENTS) throw new Error(`more than ${MOST_DOCUMENTS} documents are referred to`)
    const limits = { bytes: Math.max(1, this.#left), timeout: Math.max(1, this.#end - performance.now()) }
    if (address.protocol === 'file:') return this.#loadFile(address, limits.bytes)
    if (!/^https?:$/.test(address.protocol)) throw new Error('it is no http or https address')
    // Who chose the origin of the document chose this one.
    const fetch = address.origin === this.#address.origin ? this.#options.fetch : this.#guarded
    return download(address, fetch, limits)
  }

  #loadFile(address: URL, bytes: number): Promise<Loaded> {
    if (this.#address.protocol !== 'file:') throw new Error('only documents that are files refer to files')
    return readFileBelow(address, new URL('.', this.#address), { bytes })
  }

  #isAllowed(address: URL): boolean {
    try {
      return this.#options.isAllowed(new URL(address)) === true
    } catch (problem) {
      this.#thrown ??= { problem }
      return false
    }
  }
}

function nameOf(address: URL): string {
  const bare = new URL(address)
  bare.hash = ''
  return bare.protocol === 'file:' ? `${FILES}${bare.pathname}` : bare.href
}

/** What a reference is called to its author. */
export function addressOf(name: string): URL {
  return name.startsWith(`${FILES}/`) ? new URL(`file://${name.slice(FILES.length)}`) : new URL(name)
}
