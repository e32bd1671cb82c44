/** Characters of an id. */
export const ID_LENGTH = 32

/** A fresh id that cannot be guessed: 128 random bits in hexadecimal, all visible ASCII. */
export function newId(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(ID_LENGTH / 2))
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('')
}
