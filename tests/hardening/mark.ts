// All begin alike, so that no part of one goes unseen; no digits, so that none is found out by its looks.
export const MARK = 'saffron-lantern'

/** A secret for one place. */
export const secret = (place: string): string => `${MARK}-in-${place}`

/** The mark as it is, and in every disguise that a program would give it without meaning to hide it. */
const DISGUISES: readonly string[] = [
  MARK,
  Buffer.from(MARK).toString('hex'),
  encodeURIComponent(MARK),
  // In base64 it looks different after 0, 1 and 2 other bytes; the first and last characters belong to what is around it.
  ...[0, 1, 2].map((before) =>
    Buffer.from(' '.repeat(before) + MARK)
      .toString('base64')
      .slice(4, -4),
  ),
]

/** The places of a text that give a secret away. */
export function found(text: string): string[] {
  const places = DISGUISES.map((disguise) => text.toLowerCase().indexOf(disguise.toLowerCase()))
  return places.filter((at) => at >= 0).map((at) => text.slice(Math.max(0, at - 120), at + 60))
}
