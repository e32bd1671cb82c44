import type { Expression, Operator, Part, Variable } from './uri-parse.ts'

/** What an expansion fills in; what is missing is left out with its separator. */
export type UriValues = Readonly<Record<string, string | readonly string[] | undefined>>

/** How an operator writes its variables (RFC 6570 appendix A). */
interface Writing {
  readonly first: string
  readonly separator: string
  readonly named: boolean
  readonly reserved: boolean
  /** Between the name and an empty value. */
  readonly empty: string
}

const PLAIN: Writing = { first: '', separator: ',', named: false, reserved: false, empty: '' }

/** How each operator writes. */
export const WRITINGS: { readonly [O in Operator]: Writing } = {
  '': PLAIN,
  '+': { ...PLAIN, reserved: true },
  '#': { ...PLAIN, first: '#', reserved: true },
  '.': { ...PLAIN, first: '.', separator: '.' },
  '/': { ...PLAIN, first: '/', separator: '/' },
  ';': { ...PLAIN, first: ';', separator: ';', named: true },
  '?': { ...PLAIN, first: '?', separator: '&', named: true, empty: '=' },
  '&': { ...PLAIN, first: '&', separator: '&', named: true, empty: '=' },
}

/** Fills a template in. Throws `URIError` for half a surrogate pair. */
export function expandParts(parts: readonly Part[], values: UriValues): string {
  return parts.map((part) => (typeof part === 'string' ? part : expandExpression(part, values))).join('')
}

function expandExpression({ operator, variables }: Expression, values: UriValues): string {
  const writing = WRITINGS[operator]
  const written = variables.flatMap((variable) => {
    const value = Object.hasOwn(values, variable.name) ? values[variable.name] : undefined
    return value === undefined ? [] : writeVariable(variable, value, operator)
  })
  return written.length === 0 ? '' : writing.first + written.join(writing.separator)
}

function writeVariable({ name, explode }: Variable, value: string | readonly string[], operator: Operator): string[] {
  const writing = WRITINGS[operator]
  const encode = writing.reserved ? encodeReserved : encodeUnreserved
  const pair = (text: string): string => {
    if (!writing.named) return text
    return text === '' ? name + writing.empty : `${name}=${text}`
  }
  if (explode && operator === '') return [encodePath(value)]
  if (typeof value === 'string') return [pair(encode(value))]
  if (explode) return value.map((item) => pair(encode(item)))
  return value.length === 0 ? [] : [pair(value.map(encode).join(','))]
}

/** `{path*}` crosses `/`: slashes stay, the segments between them are encoded. */
function encodePath(value: string | readonly string[]): string {
  const segments = typeof value === 'string' ? value.split('/') : value
  return segments.map(encodeUnreserved).join('/')
}

function encodeUnreserved(text: string): string {
  return encodeURIComponent(text).replaceAll(
    /[!'()*]/g,
    (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`,
  )
}

/** Reserved characters and percent triplets stay as they are. */
function encodeReserved(text: string): string {
  return text.replaceAll(/%[0-9A-Fa-f]{2}|%|[^A-Za-z0-9\-._~:/?#[\]@!$&'()*+,;=%]+/g, (found) =>
    found.length === 3 && found.startsWith('%') ? found : encodeURI(found),
  )
}
