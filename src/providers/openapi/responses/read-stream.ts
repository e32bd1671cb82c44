import { UpstreamError } from '../../../upstream/upstream-error.ts'
import type { UpstreamResponse } from '../../../upstream/upstream-response.ts'
import type { Answer } from './read-answer.ts'

/**
 * Reads what comes piece by piece, until it ends or as far as time and size allow: such an answer may have no end. Rejects
 * where not even a first piece comes.
 */
export async function readStream(response: UpstreamResponse, mediaType: string): Promise<Answer> {
  const { body } = response
  if (body === null) return { kind: 'nothing' }
  const decoder = new TextDecoder()
  const reader = body.getReader()
  const pieces: string[] = []
  let cutAfter: string | undefined
  try {
    for (let next = await reader.read(); !next.done; next = await reader.read()) {
      pieces.push(decoder.decode(next.value, { stream: true }))
    }
    pieces.push(decoder.decode())
  } catch (problem) {
    cutAfter = pieces.length > 0 ? reasonOf(problem) : undefined
    if (cutAfter === undefined) throw problem
  }
  const text = pieces.join('')
  if (text === '') return { kind: 'nothing' }
  return { kind: 'text', mediaType, text, ...(cutAfter !== undefined && { cutAfter }) }
}

function reasonOf(problem: unknown): string | undefined {
  if (!(problem instanceof UpstreamError)) return undefined
  if (problem.reason === 'timeout') return 'the time for it was over'
  if (problem.reason === 'too_large') return 'it was as large as an answer may be'
  return problem.reason === 'unreachable' ? 'the connection broke off' : undefined
}
