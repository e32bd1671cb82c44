import { encodeBase64Url } from './base64url.ts'

/** A short key for some texts, of any length and content: others give another one, and it tells nothing of them. */
export async function digestKey(...texts: readonly string[]): Promise<string> {
  // As JSON, because it keeps apart what only looks alike in UTF-8, and where a text ends.
  const bytes = new TextEncoder().encode(JSON.stringify(texts))
  return encodeBase64Url(new Uint8Array(await crypto.subtle.digest('SHA-256', bytes)))
}
