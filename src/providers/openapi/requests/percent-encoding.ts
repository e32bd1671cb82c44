/** Writes a text so that it can stand somewhere. Throws `URIError` for half a surrogate pair. */
export type Encode = (text: string) => string

/** Leaves only letters, digits and `-._~` (RFC 6570, 3.2.1). */
export function encodeUnreserved(text: string): string {
  return /^[\w\-.~]*$/.test(text) ? text : encodeURIComponent(text).replace(/[!'()*]/g, toTriplet)
}

/** Reserved expansion (RFC 6570, 3.2.3) of a whole query: reserved characters and triplets stay, but none ends it. */
export const encodeQueryString: Encode = reservedExpansion(':/?@!$&()*+,;=[]')

/** Reserved expansion without what separates in a query: it never makes two parameters of one. */
export const encodeReservedInQuery: Encode = reservedExpansion(':/?@!$()*,;')

/** The same for one of several values that stand between commas. */
export const encodeReservedInList: Encode = reservedExpansion(':/?@!$()*;')

/** Reserved expansion in a cookie, whose value ends at `;` and, for some readers, at `,`. */
export const encodeReservedInCookie: Encode = reservedExpansion(":/?#[]@!$&'()*+=")

/**
 * What may stand in a segment of a path beside what is unreserved, but for `;` and `,`, which mean something there.
 * Triplets are encoded again: one that meant `/` or `.` would be more than its part to the server.
 */
export function encodeReservedInPath(text: string): string {
  return encodeURIComponent(text).replace(/%(?:3A|40|24|26|2B|3D)|'/g, (found) =>
    found === "'" ? '%27' : decodeURIComponent(found),
  )
}

/** As forms are encoded (WHATWG URL, 5.2): a space is `+`. */
export function encodeForm(text: string): string {
  if (/^[\w\-.*]*$/.test(text)) return text
  return encodeURIComponent(text)
    .replace(/[!'()~]/g, toTriplet)
    .replaceAll('%20', '+')
}

function toTriplet(character: string): string {
  return `%${character.charCodeAt(0).toString(16).toUpperCase()}`
}

/** Keeps `kept` and triplets beside what is unreserved. */
function reservedExpansion(kept: string): Encode {
  const escaped = kept.replace(/[[\]]/g, '\\$&')
  const other = new RegExp(`%[0-9A-Fa-f]{2}|%|[^\\w\\-.~${escaped}%]+`, 'g')
  return (text) =>
    text.replace(other, (found) => (found.length === 3 && found.startsWith('%') ? found : encodeUnreserved(found)))
}
