const MASKED = '[masked]'

/** Shorter ones are in every text by chance, unless their header says that they are secret. */
const LEAST_OF_ANY_HEADER = 8

/** Headers that say how to answer, and prove nothing. */
const PLAIN: ReadonlySet<string> = new Set([
  'accept',
  'accept-charset',
  'accept-encoding',
  'accept-language',
  'cache-control',
  'content-language',
  'content-type',
  'if-modified-since',
  'if-unmodified-since',
  'prefer',
  'range',
  'user-agent',
])

const SECRET_NAME =
  '(?:secret|token|passw(?:or)?d|pwd|api[-_ ]?key|credentials?|authorization|cookie|session|signature)'

/** What looks like a secret, whoever it belongs to. */
const LOOKS_SECRET: readonly (readonly [RegExp, string])[] = [
  [/-----BEGIN [A-Z ]{1,40}-----[\s\S]*/g, MASKED],
  [/\beyJ[\w-]+\.[\w-]+(?:\.[\w-]*)?/g, MASKED],
  [/\b(bearer|basic|digest)\s+\S+/gi, `$1 ${MASKED}`],
  [new RegExp(`(${SECRET_NAME}["']?\\s*[:=]\\s*["']?)[^\\s"',;&}]+`, 'gi'), `$1${MASKED}`],
  [/(:\/\/)[^\s/@]+@/g, `$1${MASKED}@`],
  [/(:\/\/[^\s?#]{0,500})\?[^\s"'<>]+/g, `$1?${MASKED}`],
  [/(?<![\w+=-])(?=[\w+=-]*\d)(?=[\w+=-]*[A-Za-z])[\w+=-]{20,}/g, MASKED],
]

const MOST_CHARACTERS = 2_000

/** The text without these secrets in any usual spelling, without what else looks like one, and at most 2,000 characters. */
export function mask(text: string, secrets: readonly string[]): string {
  let clean = text
  // The longest first: what is left of a longer one would still be the secret.
  const longestFirst = secrets.flatMap(spellings).sort((a, b) => b.length - a.length)
  for (const spelling of longestFirst) clean = clean.replaceAll(wherever(spelling), MASKED)
  clean = clean.slice(0, MOST_CHARACTERS)
  for (const [pattern, instead] of LOOKS_SECRET) clean = clean.replace(pattern, instead)
  return clean
}

/** Shorter ones are in every word by chance. */
const LEAST_IN_WORDS = 4

function wherever(spelling: string): string | RegExp {
  if (spelling.length >= LEAST_IN_WORDS) return spelling
  const escaped = spelling.replace(/[\\^$.*+?()[\]{}|/]/g, '\\$&')
  return new RegExp(`(?<![\\p{L}\\p{N}])${escaped}(?![\\p{L}\\p{N}])`, 'gu')
}

/** The values of headers that may prove something: of those, too, that nobody has heard of. */
export function secretsIn(headers: Headers): string[] {
  const found: string[] = []
  for (const [name, value] of headers) {
    if (PLAIN.has(name)) continue
    if (value.length >= LEAST_OF_ANY_HEADER || new RegExp(`${SECRET_NAME}|key|auth`, 'i').test(name)) {
      found.push(value, ...credentialsIn(value))
    }
  }
  return found
}

/** What follows the scheme, and for Basic the two parts of it. */
function credentialsIn(value: string): string[] {
  const [, scheme = '', credentials] = /^(\S+)\s+(.+)$/.exec(value) ?? []
  if (credentials === undefined) return []
  if (scheme.toLowerCase() !== 'basic') return [credentials]
  const pair = decoded(credentials)
  const colon = pair.indexOf(':')
  return colon < 0 ? [credentials] : [credentials, pair, pair.slice(colon + 1)]
}

function decoded(base64: string): string {
  try {
    return atob(base64)
  } catch {
    return ''
  }
}

function spellings(secret: string): string[] {
  if (secret === '') return []
  const inForm = new URLSearchParams({ '': secret }).toString().slice(1)
  const inUrl = inForm.replaceAll('+', '%20')
  // Some characters are encoded in forms and not in addresses.
  const inUrlComponent = inUrl.replace(/%(?:21|27|28|29|7E)/g, decodeURIComponent)
  const forms = [secret, JSON.stringify(secret).slice(1, -1), inForm, inUrl, inUrlComponent, base64Of(secret)]
  return [...new Set(forms)].filter((form) => form !== '')
}

function base64Of(secret: string): string {
  return btoa(String.fromCharCode(...new TextEncoder().encode(secret.slice(0, 10_000)))).replace(/=+$/, '')
}
