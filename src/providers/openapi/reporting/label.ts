const LONGEST = 120

/** An operation in one line: `GET /users/{id}`. */
export function labelOf({ method, path }: { readonly method: string; readonly path: string }): string {
  return `${method} ${oneLine(path)}`
}

/** A text of a document as one short line, for messages. */
export function oneLine(text: string, most: number = LONGEST): string {
  const clean = text
    .slice(0, 4 * most)
    .replace(/[\p{Cc}\p{Cf}\s]+/gu, ' ')
    .trim()
  return clean.length > most ? `${clean.slice(0, most - 1)}…` : clean
}
