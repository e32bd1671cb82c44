import { describe, expect, it } from 'vitest'
import { answerText, remember } from './encode.ts'
import { replyWith } from './outlet.ts'

const page = Object.freeze({ tools: ['müsli'] })

describe('an answer whose result is kept', () => {
  it('is the same in one piece and as a body with bytes behind it', () => {
    const result = remember(JSON.stringify)(page)
    const answer = answerText('ä', result)
    const { body = '', rest } = replyWith(200, answer)
    expect(String(answer)).toBe('{"jsonrpc":"2.0","id":"ä","result":{"tools":["müsli"]}}')
    expect(body + new TextDecoder().decode(rest)).toBe(String(answer))
  })

  it('makes its bytes once for a frozen page, and keeps nothing of what may still change', () => {
    const encode = remember(JSON.stringify)
    expect(encode(page)).toBe(encode(page))
    expect(encode({ tools: [] })).toBe('{"tools":[]}')
  })
})
