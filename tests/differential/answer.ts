import type { Case } from './cases.ts'
import type { Endpoint } from './registry.ts'

/** What came of a request, as far as both servers must agree. */
export interface Told {
  readonly status: number
  /** Those of a stream and of a batch one by one. */
  readonly messages: readonly unknown[]
}

/** Sends a case and reads the whole answer. */
export async function tell(endpoint: Endpoint, { verb, headers, body }: Case): Promise<Told> {
  const hasBody = verb !== 'GET' && verb !== 'HEAD'
  const request = new Request('http://localhost/mcp', { method: verb, headers, ...(hasBody && { body }) })
  const response = await endpoint(request)
  const text = await response.text()
  const type = response.headers.get('content-type') ?? ''
  const messages = type.startsWith('text/event-stream') ? eventsIn(text) : text === '' ? [] : [parse(text)]
  return { status: response.status, messages: messages.flat() }
}

function eventsIn(text: string): readonly unknown[] {
  return text
    .split('\n')
    .filter((line) => line.startsWith('data:') && line.length > 'data: '.length)
    .map((line) => parse(line.slice('data:'.length)))
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return text
  }
}
