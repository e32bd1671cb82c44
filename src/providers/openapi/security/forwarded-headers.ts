import { backstageOf } from '../../../engine/backstage.ts'
import type { Context } from '../../../engine/context.ts'
import { isCredential } from '../../../engine/headers.ts'
import { FastMCPError } from '../../../protocol/errors.ts'
import { setHeader } from '../../../upstream/settings.ts'
import { checkForwarded } from '../../proxy/caller.ts'

/** Puts headers of whoever calls into a request. */
export type Forward = (headers: Headers, ctx: Context | undefined) => void

/** Say which way a request has come, for which only proxies of one's own are to be believed; or are set by the request. */
const ABOUT_THE_WAY =
  /^(?:forwarded|via|x-forwarded-.*|x-real-ip|.*-connecting-ip|(?:true-)?client-ip|accept-encoding|expect|proxy-.*)$/

/**
 * Hands on the headers of the caller that are named, and no others; undefined where none are. Throws `SETTING` for names
 * of what proves the caller to this server, or belongs to the connection.
 */
export function forwardedHeaders(names: readonly string[] | undefined): Forward | undefined {
  const checked = checkForwarded(names).map(checkHarmless)
  if (checked.length === 0) return undefined
  return (headers, ctx) => {
    for (const name of checked) {
      const value = ctx && backstageOf(ctx).origin.header(name)
      if (value !== undefined) setHeader(headers, name, value)
    }
  }
}

function checkHarmless(name: string): string {
  if (isCredential(name)) {
    const words = `"${name}" may carry what proves the caller to this server; give the API its own credentials as \`auth\``
    throw new FastMCPError('SETTING', `forwardHeaders: ${words}`)
  }
  if (!ABOUT_THE_WAY.test(name)) return name
  throw new FastMCPError('SETTING', `forwardHeaders: "${name}" is not a header that can go along`)
}
