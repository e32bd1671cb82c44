/** A longer header is not read. */
const LONGEST = 16_384

/**
 * Where the first link of a relation leads, as it stands in a `Link` header: maybe relative (RFC 8288, 3). Links about
 * something else than the answer itself (`anchor`) do not count. Takes time in proportion to the header.
 */
export function linkIn(header: string | null, relation: string): string | undefined {
  if (header === null || header.length > LONGEST) return undefined
  const cursor: Cursor = { text: header, at: 0 }
  while (cursor.at < header.length) {
    const open = header.indexOf('<', cursor.at)
    const close = open < 0 ? -1 : header.indexOf('>', open)
    if (close < 0) return undefined
    cursor.at = close + 1
    const parameters = readParameters(cursor)
    const relations = parameters.get('rel')?.toLowerCase().split(/\s+/) ?? []
    if (relations.includes(relation) && !parameters.has('anchor')) return header.slice(open + 1, close).trim()
  }
  return undefined
}

interface Cursor {
  readonly text: string
  at: number
}

/** What stands between the target of a link and the comma behind it; of two of a name the first counts. */
function readParameters(cursor: Cursor): ReadonlyMap<string, string> {
  const { text } = cursor
  const parameters = new Map<string, string>()
  while (cursor.at < text.length && text[cursor.at] !== ',') {
    if (text[cursor.at] !== ';') {
      cursor.at++
      continue
    }
    cursor.at++
    const name = readUntil(cursor, '=;,').trim().toLowerCase()
    const value = text[cursor.at] === '=' ? readValue(cursor) : ''
    if (!parameters.has(name)) parameters.set(name, value)
  }
  cursor.at++
  return parameters
}

function readValue(cursor: Cursor): string {
  const { text } = cursor
  cursor.at++
  while (text[cursor.at] === ' ' || text[cursor.at] === '\t') cursor.at++
  if (text[cursor.at] !== '"') return readUntil(cursor, ';,').trim()
  let value = ''
  for (cursor.at++; cursor.at < text.length && text[cursor.at] !== '"'; cursor.at++) {
    if (text[cursor.at] === '\\') cursor.at++
    value += text[cursor.at] ?? ''
  }
  cursor.at++
  return value
}

function readUntil(cursor: Cursor, ends: string): string {
  const start = cursor.at
  while (cursor.at < cursor.text.length && !ends.includes(cursor.text[cursor.at] ?? '')) cursor.at++
  return cursor.text.slice(start, cursor.at)
}
