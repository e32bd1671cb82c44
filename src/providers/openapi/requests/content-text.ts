import type { MediaType } from '../routes/route.ts'
import { mediaKind } from './body/media-kind.ts'
import { isAbsent, jsonOf, textOf } from './texts.ts'

/** The text of a parameter that is written in a media type instead of a style; undefined where it is left out. */
export function contentText({ type }: MediaType, value: unknown): string | undefined {
  if (isAbsent(value)) return undefined
  return mediaKind(type) === 'json' ? jsonOf(value) : textOf(value)
}
