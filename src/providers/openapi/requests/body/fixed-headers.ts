import type { Parameter } from '../../routes/route.ts'
import { headerWriter } from '../header-writing.ts'
import { hasMembers } from '../texts.ts'

/** Framed by what is sent, not by the document. */
const OWN: ReadonlySet<string> = new Set(['content-type', 'content-disposition', 'content-transfer-encoding'])

/** The header lines of a part whose values the document itself gives: no argument has them. */
export function fixedHeaders(headers: readonly Parameter[]): readonly string[] {
  return headers.flatMap((header) => {
    const value = OWN.has(header.name.toLowerCase()) ? undefined : fixedValue(header)
    const text = value === undefined ? undefined : written(header, value)
    return text === undefined ? [] : [`${header.name}: ${text}`]
  })
}

/** What a header of a part always is; undefined where the document leaves it open. */
function fixedValue({ schema, content }: Parameter): unknown {
  const known = schema ?? content?.schema
  if (!hasMembers(known)) return undefined
  if (known.const !== undefined) return known.const
  return Array.isArray(known.enum) && known.enum.length === 1 ? known.enum[0] : known.default
}

/** A value that no header can hold is left out, as if the document did not give it. */
function written(header: Parameter, value: unknown): string | undefined {
  try {
    return headerWriter(header)(value)
  } catch {
    return undefined
  }
}
