import { expandParts, type UriValues } from './uri-expand.ts'
import { takePairs } from './uri-pairs.ts'
import { encodeForbidden, parseTemplate, TEMPLATE_LIMITS } from './uri-parse.ts'
import { compilePattern, matchPattern } from './uri-pattern.ts'
import { compileQuery, cutZones } from './uri-query.ts'
import { createTake, type UriMatch } from './uri-values.ts'

export type { UriValues } from './uri-expand.ts'
export type { UriMatch } from './uri-values.ts'

/** Options of `compileTemplate`. */
export interface TemplateOptions {
  /**
   * Variables whose values may be anything. All others must be harmless as paths: no `..` segments, plain
   * or encoded, no absolute paths, drive letters, `~`, backslashes or NUL; a URI with such a value does not match.
   */
  readonly unscreened?: readonly string[]
}

/** A URI template made ready. */
export interface UriTemplate {
  readonly template: string
  /** The names of its variables, in order. */
  readonly variables: readonly string[]
  /** The values in a URI, decoded, or undefined where it does not match. Linear in the length of the URI; never throws. */
  match(uri: string): UriMatch | undefined
  /** The URI with these values; a missing value is left out. */
  expand(values: UriValues): string
}

/**
 * Compiles a URI template of RFC 6570, levels 1 to 3 and `*`. Throws `DefinitionError` for what is no such
 * template and for one whose variables a URI could not tell apart.
 *
 * Matching reads what expansion writes: `{x}` is one segment and never empty, `{path*}` and `{+path}` cross
 * `/` and give one string, `{/x*}`, `{.x*}`, `{?x*}` give a list. Variables of `{?x}`, `{&x}` and `{;x}` may
 * be absent and come in any order; a name that the template does not know makes the URI not match.
 *
 * @example
 * const users = compileTemplate('users://{id}/profile{?lang}')
 * users.match('users://7/profile?lang=en') // { id: '7', lang: 'en' }
 * users.expand({ id: 'a b' }) // 'users://a%20b/profile'
 */
export function compileTemplate(template: string, { unscreened = [] }: TemplateOptions = {}): UriTemplate {
  const parts = parseTemplate(template)
  const zones = cutZones(template, parts)
  const path = compilePattern(template, zones.path)
  const query = zones.query && compileQuery(template, zones.query)
  const fragment = zones.fragment && compilePattern(template, zones.fragment)
  const free = new Set(unscreened)

  const matchInto = (uri: string, values: Record<string, string | string[]>): boolean => {
    const take = createTake(values, free)
    const hash = fragment === undefined ? -1 : uri.indexOf('#')
    const whole = hash < 0 ? uri : uri.slice(0, hash)
    if (fragment !== undefined && (hash < 0 || !matchPattern(fragment, uri.slice(hash), take))) return false
    if (query === undefined) return matchPattern(path, whole, take)
    const mark = whole.indexOf('?')
    const text = mark < 0 ? '' : whole.slice(mark + 1)
    if (text.includes('#') || !matchPattern(path, mark < 0 ? whole : whole.slice(0, mark), take)) return false
    return takePairs(text.split('&'), query, take)
  }

  return {
    template,
    variables: parts.flatMap((part) => (typeof part === 'string' ? [] : part.variables.map(({ name }) => name))),
    match(uri) {
      const known = wellFormed(uri)
      const values: Record<string, string | string[]> = Object.create(null)
      return known !== undefined && matchInto(known, values) ? values : undefined
    },
    expand: (values) => expandParts(parts, values),
  }
}

const PLAIN_URI = /^[\x21-\x7a|~]*$/

/** The URI as templates see it; undefined where it is none: too long, with braces, or half a surrogate pair. */
function wellFormed(uri: string): string | undefined {
  if (uri.length > TEMPLATE_LIMITS.uri) return undefined
  if (PLAIN_URI.test(uri)) return uri
  if (/[{}]/.test(uri)) return undefined
  try {
    return encodeForbidden(uri)
  } catch {
    return undefined
  }
}
