/** What can be made of a body, by its media type. `unknown` says nothing of what it holds. */
export type MediaKind = 'json' | 'text' | 'page' | 'stream' | 'image' | 'audio' | 'bytes' | 'unknown'

const KINDS: ReadonlyMap<string, MediaKind> = new Map<string, MediaKind>([
  ['', 'unknown'],
  // The one that nearly all are.
  ['application/json', 'json'],
  ['application/octet-stream', 'unknown'],
  ['binary/octet-stream', 'unknown'],
  ['text/json', 'json'],
  ['text/html', 'page'],
  ['application/xhtml+xml', 'page'],
  ['text/event-stream', 'stream'],
  ['application/json-seq', 'stream'],
  ['application/jsonl', 'stream'],
  ['application/json-lines', 'stream'],
  ['application/x-jsonlines', 'stream'],
  ['application/ndjson', 'stream'],
  ['application/x-ndjson', 'stream'],
  ['application/stream+json', 'stream'],
])

/** Of types that are no `text/…`. */
const WRITTEN =
  /^(?:xml|yaml|x-yaml|toml|sql|graphql|javascript|ecmascript|x-www-form-urlencoded|pem-certificate-chain)$/

/** What a media type without parameters holds. */
export function mediaKindOf(type: string): MediaKind {
  const known = KINDS.get(type)
  if (known !== undefined) return known
  const [family = '', name = ''] = type.split('/', 2)
  if (name === 'json' || name.endsWith('+json')) return 'json'
  // Pictures of the kind that is written out (SVG) are of more use as text.
  if (family === 'text' || WRITTEN.test(name) || /\+(?:xml|yaml)$/.test(name)) return 'text'
  if (family === 'image' || family === 'audio') return family
  return 'bytes'
}
