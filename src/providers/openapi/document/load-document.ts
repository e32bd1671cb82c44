import { FastMCPError } from '../../../protocol/errors.ts'
import { refusalOf } from '../../../upstream/answer.ts'
import { Deadline } from '../../../upstream/deadline.ts'
import type { Errand } from '../../../upstream/failures.ts'
import { type Fetch, follow } from '../../../upstream/follow.ts'
import { UpstreamResponse } from '../../../upstream/upstream-response.ts'
import { unusable } from './document-error.ts'

/** What a document is loaded within. */
export interface LoadLimits {
  readonly bytes: number
  /** Milliseconds. */
  readonly timeout: number
}

/** The text of a document, and where it was found in the end. */
export interface Loaded {
  readonly text: string
  readonly address: URL
}

const ACCEPT = 'application/vnd.oai.openapi+json, application/json, application/yaml;q=0.9, text/yaml;q=0.9, */*;q=0.5'

/** Downloads a document. Redirects are followed within its origin only. */
export async function download(address: URL, fetch: Fetch, limits: LoadLimits): Promise<Loaded> {
  if (address.username !== '' || address.password !== '') {
    throw unusable('has an address with a user and password; give a `fetch` that proves who is asking')
  }
  const errand: Errand = {
    name: address.host,
    method: 'GET',
    path: address.pathname,
    secrets: () => [...address.searchParams.values()].filter((value) => value.length > 7),
  }
  const deadline = new Deadline(limits.timeout, undefined)
  try {
    const request = { method: 'GET', url: address, headers: new Headers({ accept: ACCEPT }), body: undefined }
    const raw = await deadline.race(
      follow(request, { fetch, redirects: 'same-origin', signal: deadline.signal }, errand),
    )
    const response = new UpstreamResponse(raw, { deadline, maxBytes: limits.bytes }, errand)
    if (!response.ok) throw await refusalOf(response, errand, { most: 0 })
    return { text: await response.text(), address: finalAddress(raw, address) }
  } catch (problem) {
    throw explained(deadline.explain(problem, errand))
  } finally {
    deadline.clear()
  }
}

function finalAddress({ url }: Response, asked: URL): URL {
  const final = URL.canParse(url) ? new URL(url) : asked
  return final.origin === asked.origin ? final : asked
}

function explained(problem: unknown): unknown {
  if (!(problem instanceof FastMCPError)) return problem
  return unusable(`cannot be downloaded: ${problem.message}`, { cause: problem })
}
