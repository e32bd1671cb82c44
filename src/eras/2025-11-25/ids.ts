/** Characters of an id. */
export const ID_LENGTH = 32

const HEX: readonly string[] = Array.from({ length: 256 }, (_, byte) => byte.toString(16).padStart(2, '0'))

/** A fresh id that cannot be guessed: 128 random bits in hexadecimal, all visible ASCII. */
export function newId(): string {
  let id = ''
  for (const byte of crypto.getRandomValues(new Uint8Array(ID_LENGTH / 2))) id += HEX[byte]
  return id
}
