import { isRecord } from '../../../protocol/json-rpc.ts'
import { type MediaKind, mediaKind } from '../requests/body/media-kind.ts'
import type { MediaType } from '../routes/route.ts'

/** The form in which a body is sent, and how that is written. */
export interface ChosenMedia {
  readonly media: MediaType
  readonly kind: MediaKind
}

/** The better a model can write it, the earlier. */
const ORDER: readonly MediaKind[] = ['json', 'any', 'form', 'parts', 'text', 'lines', 'xml', 'bytes']

/** Chooses the form of a body out of those that the document allows: the first of the best kind; plain JSON before its kin. */
export function chooseMedia(content: readonly MediaType[]): ChosenMedia | undefined {
  const known = content.map((media) => ({ media, kind: mediaKind(media.type) }))
  const [best] = known.toSorted((one, other) => rankOf(one) - rankOf(other))
  return best
}

function rankOf({ media, kind }: ChosenMedia): number {
  // A body without a schema may be anything; one with it is known.
  return ORDER.indexOf(kind) * 6 + kinshipOf(media.type, kind) * 2 + (media.schema === undefined ? 1 : 0)
}

/** How far it is from plain JSON. A patch of single steps is harder to write than the members that change. */
function kinshipOf(type: string, kind: MediaKind): number {
  if (kind !== 'json' || type === 'application/json') return 0
  return type === 'application/json-patch+json' ? 2 : 1
}

/** Whether a form is of an object that has no members: some generators describe one where there is no body. */
export function isEmpty({ schema }: MediaType): boolean {
  if (!isRecord(schema) || !isRecord(schema.properties) || Object.keys(schema.properties).length > 0) return false
  const { type = 'object', additionalProperties = false } = schema
  return type === 'object' && additionalProperties === false && Object.keys(schema).every((key) => OF_EMPTY.has(key))
}

const OF_EMPTY: ReadonlySet<string> = new Set([
  ...['type', 'properties', 'additionalProperties', 'required', 'title', 'description'],
])
