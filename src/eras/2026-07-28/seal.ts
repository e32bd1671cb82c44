import { decodeBase64Url, encodeBase64Url } from '../../storage/base64url.ts'
import { KEY_ID_BYTES, type RingKey, ringOf, type StateKey } from './state-keys.ts'

/** The longest sealed text that travels, in characters. */
export const MOST_SEALED = 16_384

/** Where the parts of a sealed text lie: its version, the name of its key, the nonce, and the sealed bytes. */
const VERSION = 1
const NONCE_AT = 1 + KEY_ID_BYTES
const SEALED_AT = NONCE_AT + 12
const TAG_BYTES = 16

/**
 * Seals texts with AES-256-GCM, so that nobody else can read or change them or present them for
 * something else than they are bound to. New texts get the first key of the ring; every key opens.
 */
export class Seal {
  readonly #secrets: readonly StateKey[]
  #ring: Promise<readonly RingKey[]> | undefined

  constructor(secrets: readonly StateKey[]) {
    this.#secrets = secrets
  }

  async seal(text: string, bound: Uint8Array): Promise<string> {
    const { id, key } = first(await this.#keys())
    const head = Uint8Array.of(VERSION, ...id, ...crypto.getRandomValues(new Uint8Array(SEALED_AT - NONCE_AT)))
    const sealed = await crypto.subtle.encrypt(cipher(head, bound), key, new TextEncoder().encode(text))
    return encodeBase64Url(joined(head, new Uint8Array(sealed)))
  }

  /**
   * The text, or undefined for whatever was not sealed here and for this. What is no sealed text at all
   * is tried like one, so that all failures take the same work.
   */
  async open(sealed: string, bound: Uint8Array): Promise<string | undefined> {
    const ring = await this.#keys()
    const box = decodeBase64Url(sealed) ?? NOTHING
    const whole = box.length >= NOTHING.length && box[0] === VERSION ? box : NOTHING
    const { key } = ring.find(({ id }) => id.every((byte, at) => byte === whole[1 + at])) ?? first(ring)
    try {
      const opened = await crypto.subtle.decrypt(
        cipher(whole.subarray(0, SEALED_AT), bound),
        key,
        whole.subarray(SEALED_AT),
      )
      return new TextDecoder().decode(opened)
    } catch {
      return undefined
    }
  }

  /** Made when first needed: some runtimes have no randomness while they load a module. */
  #keys(): Promise<readonly RingKey[]> {
    this.#ring ??= ringOf(this.#secrets)
    return this.#ring
  }
}

/** What opens with no key. */
const NOTHING = new Uint8Array(SEALED_AT + TAG_BYTES)

/** The head is authenticated too, so that no bit of the whole can be changed. */
function cipher(head: Uint8Array, bound: Uint8Array): AesGcmParams {
  return { name: 'AES-GCM', iv: head.slice(NONCE_AT), additionalData: joined(head, bound) }
}

function joined(a: Uint8Array, b: Uint8Array): Uint8Array<ArrayBuffer> {
  const both = new Uint8Array(a.length + b.length)
  both.set(a)
  both.set(b, a.length)
  return both
}

function first(ring: readonly RingKey[]): RingKey {
  const [newest] = ring
  if (newest === undefined) throw new Error('A ring has at least one key')
  return newest
}
