import type { Errand } from '../../../upstream/failures.ts'
import { mask } from '../../../upstream/mask.ts'
import { statusWords } from '../../../upstream/status-words.ts'
import type { UpstreamResponse } from '../../../upstream/upstream-response.ts'

/** Headers that say something to a reader where there is no body. */
const TELLING = ['location', 'content-location', 'etag', 'last-modified'] as const
/** Of a body that was not asked for (HEAD). */
const OF_BODY = ['content-type', 'content-length'] as const
const LONGEST = 300

/** An answer without a body in words: `204 No Content`, and where something is to be found now. */
export function emptyWords({ status, headers }: UpstreamResponse, errand: Errand): string {
  const names = errand.method === 'HEAD' ? [...TELLING, ...OF_BODY] : TELLING
  const told = names.flatMap((name) => {
    const value = headers.get(name)
    return value === null ? [] : [`${name}: ${mask(value, errand.secrets()).slice(0, LONGEST)}`]
  })
  return [statusWords(status), ...told].join('\n')
}
