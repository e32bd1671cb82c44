/**
 * How the body of a media type is written: as JSON, as JSON texts in lines, as a form, in parts, as the text that it is,
 * or as bytes, which arguments hold in base64. `any` is a type that does not say: by the value.
 */
export type MediaKind = 'json' | 'lines' | 'form' | 'parts' | 'text' | 'xml' | 'bytes' | 'any'

/** Finds out how a media type is written. It is in lower case and has no parameters; it may hold `*`. */
export function mediaKind(type: string): MediaKind {
  return KNOWN.get(type) ?? PATTERNS.find(([pattern]) => pattern.test(type))?.[1] ?? 'any'
}

const KNOWN: ReadonlyMap<string, MediaKind> = new Map<string, MediaKind>([
  ['application/json', 'json'],
  ['application/x-json', 'json'],
  ['text/json', 'json'],
  ['application/x-www-form-urlencoded', 'form'],
  ['application/x-ndjson', 'lines'],
  ['application/ndjson', 'lines'],
  ['application/jsonl', 'lines'],
  ['application/x-jsonl', 'lines'],
  ['application/jsonlines', 'lines'],
  ['application/x-jsonlines', 'lines'],
  ['application/json-lines', 'lines'],
  ['application/json-seq', 'lines'],
  ['application/geo+json-seq', 'lines'],
  ['application/xml', 'xml'],
  ['text/xml', 'xml'],
  ['application/yaml', 'text'],
  ['application/x-yaml', 'text'],
  ['application/toml', 'text'],
  ['application/graphql', 'text'],
  ['application/javascript', 'text'],
  ['application/sql', 'text'],
  ['application/jsonpath', 'text'],
  ['application/jwt', 'text'],
  ['application/octet-stream', 'bytes'],
  ['application/zip', 'bytes'],
  ['application/gzip', 'bytes'],
  ['application/x-gzip', 'bytes'],
  ['application/x-tar', 'bytes'],
  ['application/pdf', 'bytes'],
  ['image/svg+xml', 'xml'],
])

const PATTERNS: readonly (readonly [pattern: RegExp, kind: MediaKind])[] = [
  [/\+json$/, 'json'],
  [/\+xml$/, 'xml'],
  [/\+yaml$/, 'text'],
  [/\+zip$/, 'bytes'],
  // What holds data and is no text.
  [/[/.+-](?:avro|bson|cbor|msgpack|protobuf|smile)$/, 'bytes'],
  [/^text\//, 'text'],
  [/^multipart\//, 'parts'],
  [/^(?:image|audio|video|font|model)\//, 'bytes'],
]
