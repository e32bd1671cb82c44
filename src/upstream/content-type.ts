const MEDIA_TYPE = /^[a-z0-9!#$&^_.+-]{1,100}\/[a-z0-9!#$&^_.+-]{1,100}$/

/** The media type of an answer, in lower case and without its parameters; empty where it says none, or what can be none. */
export function mediaTypeOf(headers: Headers): string {
  const text = headers.get('content-type') ?? ''
  // An API says the same again and again.
  const known = KNOWN.get(text)
  if (known !== undefined) return known
  const type = text.split(';', 1)[0]?.trim().toLowerCase() ?? ''
  const found = MEDIA_TYPE.test(type) ? type : ''
  if (KNOWN.size < MOST_KNOWN && text.length < LONGEST_KNOWN) KNOWN.set(text, found)
  return found
}

const KNOWN = new Map<string, string>()
const MOST_KNOWN = 100
const LONGEST_KNOWN = 100

/** The name of the encoding in which the text of an answer is written; undefined where it does not say. */
export function charsetOf(headers: Headers): string | undefined {
  const [, name] = /;[ \t]*charset=[ \t]*"?([\w.:+-]{1,40})/i.exec(headers.get('content-type') ?? '') ?? []
  return name?.toLowerCase()
}
