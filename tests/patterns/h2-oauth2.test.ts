import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { FastMCP } from '@fastmcp/ts'
import { describeEras } from '@fastmcp/ts/testing/vitest'
import { afterAll, afterEach, beforeEach, expect, it, vi } from 'vitest'
import { useFakeClock } from '../kit/fake-clock.ts'
import { loadExample } from '../kit/load-example.ts'
import { type AnswerRequest, sendJson, startApi } from '../kit/local-api.ts'

const good = new Set<string>()
/** What the token endpoint was asked for. */
const forms: Record<string, string>[] = []
let refreshToken = 'canary-first'

const answer: AnswerRequest = ({ url, body, headers }, response) => {
  if (url !== '/token') {
    const isKnown = good.has(headers.authorization?.replace('Bearer ', '') ?? '')
    return isKnown ? [url] : sendJson(response, 401, { message: `Not ${headers.authorization}` })
  }
  const form = Object.fromEntries(new URLSearchParams(body))
  forms.push(form)
  if (form.grant_type === 'refresh_token' && form.refresh_token !== refreshToken) {
    return sendJson(response, 400, { error: 'invalid_grant' })
  }
  const token = `canary-token-${forms.length}`
  good.add(token)
  const given = { access_token: token, token_type: 'Bearer', expires_in: 600 }
  if (form.grant_type !== 'refresh_token') return given
  refreshToken = `canary-refresh-${forms.length}`
  return { ...given, refresh_token: refreshToken }
}

const api = await startApi(answer)
const folder = mkdtempSync(join(tmpdir(), 'fastmcp-tokens-'))
afterAll(async () => {
  await api[Symbol.asyncDispose]()
  rmSync(folder, { recursive: true, force: true })
})

let files = 0
const aFile = (): string => join(folder, `${files++}.db`)

const example = new URL('../../examples/patterns/h2-oauth2.ts', import.meta.url)

/** The example as a process loads it that has these tokens on file. */
function started(TOKEN_FILE: string): Promise<FastMCP> {
  const variables = { CLIENT_ID: 'me', CLIENT_SECRET: 'canary-secret', REFRESH_TOKEN: 'canary-first', TOKEN_FILE }
  return loadExample(example, { ...variables, TOKEN_URL: `${api.url}/token`, API_URL: api.url })
}

beforeEach(() => {
  forms.length = 0
  good.clear()
  refreshToken = 'canary-first'
  useFakeClock()
})
afterEach(() => void vi.useRealTimers())

describeEras(
  'H2: APIs behind OAuth 2',
  (open) => {
    const words = { words: 'tea & cake' }

    it('100 calls at once are one request for a token', async () => {
      const client = await open(await started(aFile()))
      const calls = Array.from({ length: 100 }, () => client.callTool('search_catalogue', words))
      for (const { data } of await Promise.all(calls)) expect(data).toEqual(['/catalogue/products?q=tea+%26+cake'])
      expect(forms).toEqual([{ grant_type: 'client_credentials', scope: 'catalogue.read' }])
    })

    it('a token that has ended is replaced, and so, once, is one that is refused', async () => {
      const client = await open(await started(aFile()))
      await client.callTool('search_catalogue', words)
      await vi.advanceTimersByTimeAsync(601_000)
      await client.callTool('search_catalogue', words)
      expect(forms).toHaveLength(2)
      good.clear()
      await Promise.all(Array.from({ length: 20 }, () => client.callTool('search_catalogue', words)))
      expect(forms).toHaveLength(3)
    })

    it('a refresh token that was rotated is known after the next start', async () => {
      const file = aFile()
      const first = await open(await started(file))
      expect((await first.callTool('todays_events')).data).toEqual(['/calendar/today'])
      await vi.advanceTimersByTimeAsync(601_000)
      await first.callTool('todays_events')
      await vi.advanceTimersByTimeAsync(601_000)
      const second = await open(await started(file))
      expect((await second.callTool('todays_events')).data).toEqual(['/calendar/today'])
      const used = forms.map((form) => form.refresh_token)
      expect(used).toEqual(['canary-first', 'canary-refresh-1', 'canary-refresh-2'])
    })

    it('a refusal is told without tokens and secrets', async () => {
      refreshToken = 'canary-of-somebody-else'
      const client = await open(await started(aFile()))
      const problem = await client.callTool('todays_events').catch((caught: unknown) => caught)
      expect(problem).toMatchObject({
        code: 'UNAUTHORIZED',
        message: expect.stringContaining('No access token was to be had: invalid_grant'),
      })
      expect(JSON.stringify(problem)).not.toContain('canary')
    })
  },
  { transports: ['memory', 'fetch'] },
)
