import type { ToolAnnotations } from '../../../protocol/definitions.ts'
import type { Route, RouteMethod } from '../routes/route.ts'
import { shorten } from './shorten.ts'

/** How an operation is shown. */
export interface RouteDescription {
  readonly title?: string
  readonly description: string
  readonly annotations: ToolAnnotations
}

const LONGEST_TITLE = 120
const LONGEST_DESCRIPTION = 1_000

/** What a model is told of an operation: its summary and description, kept short, and what its method promises. */
export function describeRoute(route: Route): RouteDescription {
  const title = shorten(route.summary ?? '', LONGEST_TITLE)
  const texts = [route.summary, route.description].map((text) => shorten(text ?? '', LONGEST_DESCRIPTION))
  const words = texts.filter((each) => each !== '')
  const [first = '', second = ''] = words
  const text = second === '' || startsAlike(second, first) ? second || first : `${withStop(first)} ${second}`
  const known = text === '' ? `${route.method} ${route.path.slice(0, 200)}` : text
  const described = shorten(route.deprecated ? `Deprecated. ${known}` : known, LONGEST_DESCRIPTION)
  return { ...(title !== '' && { title }), description: described, annotations: annotationsOf(route.method) }
}

function startsAlike(text: string, beginning: string): boolean {
  return text.toLowerCase().startsWith(beginning.toLowerCase().replace(/\.$/, ''))
}

function withStop(sentence: string): string {
  return /[.!?:…。]$/.test(sentence) ? sentence : `${sentence}.`
}

const READING: ReadonlySet<RouteMethod> = new Set<RouteMethod>(['GET', 'HEAD', 'OPTIONS', 'TRACE', 'QUERY'])

/**
 * What the method of a request promises (RFC 9110, 9.2). Nothing promises that a POST or a PATCH only adds, so that they
 * count as destructive, as the protocol has it where nothing is said.
 */
function annotationsOf(method: RouteMethod): ToolAnnotations {
  if (READING.has(method)) return { readOnlyHint: true, openWorldHint: true }
  const idempotent = method === 'PUT' || method === 'DELETE'
  return {
    readOnlyHint: false,
    ...(method === 'DELETE' && { destructiveHint: true }),
    ...(idempotent && { idempotentHint: true }),
    openWorldHint: true,
  }
}
