import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { z } from 'zod'
import type { Context } from '../../src/index.ts'
import { decodeBase64Url, encodeBase64Url } from '../../src/storage/base64url.ts'
import { headersOf, META } from '../kit/stateless.ts'
import { expectServing, startTarget, type Target } from './hostile.ts'

const ABLE = { ...META, 'io.modelcontextprotocol/clientCapabilities': { elicitation: {} } }
const ANSWERED = { name: { action: 'accept', content: { name: 'Ada' } } }

let target: Target
let ran = 0

beforeAll(async () => {
  target = await startTarget({
    authenticate: (request) => ({ subject: request.header('x-user') ?? 'ann', issuer: 'https://a.example' }),
  })
  const ask = async (input: { n: number }, ctx: Context) => {
    const answer = await ctx.elicit('Name?', z.object({ name: z.string() }), { key: 'name' })
    ran++
    return `${input.n} ${answer.action === 'accept' ? answer.content.name : answer.action}`
  }
  const input = z.object({ n: z.number() })
  target.mcp.tool('ask', { description: 'Asks', input }, ask)
  target.mcp.tool('ask_too', { description: 'Asks the same', input }, ask)
})
afterAll(() => target.stop())

interface Going {
  readonly state?: string
  readonly name?: string
  readonly n?: number
  readonly user?: string
}

/** Calls the tool; with a state, goes on with a call. */
async function call({ state, name = 'ask', n = 1, user = 'ann' }: Going = {}) {
  const more = state === undefined ? {} : { requestState: state, inputResponses: ANSWERED }
  const message = {
    jsonrpc: '2.0',
    id: 1,
    method: 'tools/call',
    params: { name, arguments: { n }, ...more, _meta: ABLE },
  }
  const response = await fetch(`http://127.0.0.1:${target.port}/mcp`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...Object.fromEntries(headersOf(message)), 'x-user': user },
    body: JSON.stringify(message),
  })
  return { status: response.status, body: await response.json() }
}

describe('ST-01: request state on the wire', () => {
  it('with any bit flipped, or for anything else than it was given for, is one and the same error', async () => {
    const { body } = await call()
    const state: string = body.result.requestState
    const bytes = decodeBase64Url(state) ?? new Uint8Array()
    const answers = new Set<string>()
    const refused = async (going: Going): Promise<void> => {
      const answer = await call(going)
      expect(answer).toMatchObject({ status: 400, body: { error: { code: -32_602 } } })
      answers.add(JSON.stringify(answer.body))
    }

    for (let bit = 0; bit < bytes.length * 8; bit++) {
      const flipped = Uint8Array.from(bytes)
      flipped[bit >> 3] = (flipped[bit >> 3] ?? 0) ^ (1 << (bit & 7))
      await refused({ state: encodeBase64Url(flipped) })
    }
    for (const other of [{ user: 'bob' }, { name: 'ask_too' }, { n: 2 }]) await refused({ state, ...other })
    for (const made of ['', 'x', `${state}A`, 'A'.repeat(1_000_000)]) await refused({ state: made })

    expect(answers.size).toBe(1)
    expect(ran).toBe(0)
    expect((await call({ state })).body.result.content).toMatchObject([{ text: '1 Ada' }])
    await expectServing(target)
  })
})
