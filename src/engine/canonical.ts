/**
 * A JSON value as one text that does not depend on the order of members: equal values give equal texts.
 * Members that are undefined do not count.
 */
export function canonical(value: unknown): string {
  if (typeof value === 'string') return quote(value)
  if (typeof value !== 'object' || value === null) return JSON.stringify(value) ?? 'null'
  if (Array.isArray(value)) return `[${value.map(canonical).join(',')}]`
  let members = ''
  for (const key of Object.keys(value).sort()) {
    const member = (value as Readonly<Record<string, unknown>>)[key] // any object has members
    if (member !== undefined) members += `${members === '' ? '' : ','}${quote(key)}:${canonical(member)}`
  }
  return `{${members}}`
}

/** What JSON needs no escapes for; most names and many words are of this kind. */
const PLAIN = /^[\w .,:;/@-]*$/

function quote(text: string): string {
  return PLAIN.test(text) ? `"${text}"` : JSON.stringify(text)
}
