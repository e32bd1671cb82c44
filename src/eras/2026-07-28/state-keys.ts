/** A secret that seals states: at least 32 bytes, as they are or as UTF-8. */
export type StateKey = string | Uint8Array

/** What a secret becomes: a key, and the name by which sealed states know it. */
export interface RingKey {
  readonly id: Uint8Array
  readonly key: CryptoKey
}

/** Bytes of the name of a key. */
export const KEY_ID_BYTES = 4
const RANDOM_BYTES = 32

/** Makes the keys of a ring, the newest first. Without secrets there is one that only this process knows. */
export function ringOf(secrets: readonly StateKey[]): Promise<readonly RingKey[]> {
  const all = secrets.length > 0 ? secrets : [crypto.getRandomValues(new Uint8Array(RANDOM_BYTES))]
  return Promise.all(all.map(ringKey))
}

async function ringKey(secret: StateKey): Promise<RingKey> {
  const bytes = typeof secret === 'string' ? new TextEncoder().encode(secret) : Uint8Array.from(secret)
  const base = await crypto.subtle.importKey('raw', bytes, 'HKDF', false, ['deriveKey', 'deriveBits'])
  const aes = { name: 'AES-GCM', length: 256 }
  const key = await crypto.subtle.deriveKey(derivation('key'), base, aes, false, ['encrypt', 'decrypt'])
  return { key, id: new Uint8Array(await crypto.subtle.deriveBits(derivation('id'), base, KEY_ID_BYTES * 8)) }
}

/** HKDF (RFC 5869): the name of a key tells nothing of it. */
function derivation(purpose: string): HkdfParams {
  const info = new TextEncoder().encode(`fastmcp request state ${purpose}`)
  return { name: 'HKDF', hash: 'SHA-256', salt: new Uint8Array(), info }
}
