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
  const isKin = kind === 'json' && media.type !== 'application/json'
  // A body without a schema may be anything; one with it is known.
  return ORDER.indexOf(kind) * 4 + (isKin ? 2 : 0) + (media.schema === undefined ? 1 : 0)
}
