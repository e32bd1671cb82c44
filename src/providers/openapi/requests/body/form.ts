import type { Encoding, MediaType } from '../../routes/route.ts'
import { encodeForm } from '../percent-encoding.ts'
import { type QueryWriter, styledWriter } from '../styled-query.ts'
import { hasMembers, isAbsent, jsonOf, textOf } from '../texts.ts'
import { refusalOf, Unsendable } from '../unsendable.ts'
import { mediaKind } from './media-kind.ts'

/** Compiles a form as it is sent in a body or a query; undefined where nothing was given. */
export function formWriter({ encoding }: Pick<MediaType, 'encoding'>): QueryWriter {
  const styled = new Map(
    [...encoding].flatMap(([name, one]) => (hasStyle(one) ? [[name, styledProperty(name, one)] as const] : [])),
  )
  return (value) => {
    if (isAbsent(value)) return undefined
    if (!hasMembers(value)) throw new Unsendable('is no form: give an object')
    const written = Object.entries(value).map(([name, member]) => {
      try {
        const write = styled.get(name)
        return write === undefined ? plainPairs(name, member, encoding.get(name)) : write(member)
      } catch (problem) {
        throw refusalOf(problem, name)
      }
    })
    return written.filter((text) => text !== undefined && text !== '').join('&')
  }
}

/** Whether a property is written like a parameter of a query (OpenAPI 3.1, 4.8.15.1.2). */
export function hasStyle({ style, explode, allowReserved }: Encoding): boolean {
  return style !== undefined || explode !== undefined || allowReserved
}

const NONE: ReadonlySet<string> = new Set()

function styledProperty(name: string, { style = 'form', explode, allowReserved }: Encoding): QueryWriter {
  return styledWriter({ name, style, explode: explode ?? style === 'form', allowReserved }, NONE)
}

/** By media types instead of styles: a list repeats its name, an object is JSON. */
function plainPairs(name: string, member: unknown, encoding: Encoding | undefined): string | undefined {
  const items = Array.isArray(member) ? member : [member]
  const present = items.filter((item) => !isAbsent(item))
  const isJson = mediaKind(firstType(encoding) ?? '') === 'json'
  const key = encodeForm(name)
  return present.map((item) => `${key}=${encodeForm(isJson ? jsonOf(item) : textOf(item))}`).join('&')
}

/** The first media type that an encoding allows. */
export function firstType(encoding: Encoding | undefined): string | undefined {
  return encoding?.contentType?.split(',', 1)[0]?.trim().toLowerCase()
}
