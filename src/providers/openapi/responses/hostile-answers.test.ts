import { afterEach, describe, expect, it, vi } from 'vitest'
import { answered, jsonOf } from '../../../../tests/kit/answered-route.ts'
import { runUntil, useFakeClock } from '../../../../tests/kit/fake-clock.ts'
import { type AnswerRequest, closed, sendJson, startApi } from '../../../../tests/kit/local-api.ts'
import { everythingIn, failureOf } from '../../../../tests/kit/upstream-failure.ts'
import type { UpstreamOptions } from '../../../upstream/settings.ts'

afterEach(() => void vi.useRealTimers())

const responses = {
  200: jsonOf({ type: 'object', properties: { id: { type: 'integer' } } }),
  404: { description: 'No thing of this id,\n or not for you' },
  '5XX': jsonOf({ type: 'object', properties: { message: { type: 'string' } } }),
  default: { description: 'error' },
}

async function failWith(answer: AnswerRequest, upstream: Partial<UpstreamOptions> = {}) {
  await using api = await startApi(answer)
  const route = await answered({ responses, upstream: { baseUrl: api.url, ...upstream } })
  const problem = await failureOf(route.result())
  return { problem, asked: api.asked }
}

describe('OA-08: an API that answers with anything', () => {
  it('1 GB is not read: it ends at 10 MiB, and so does its connection', async () => {
    let sent = 0
    const chunk = Buffer.alloc(1024 * 1024, 97)
    const { problem, asked } = await failWith((_, response) => {
      response.writeHead(200, { 'content-type': 'application/json' })
      const more = (): void => {
        while (sent < 1024 && !response.destroyed) {
          sent++
          if (!response.write(chunk)) return
        }
      }
      response.on('drain', more)
      more()
    })
    expect(problem).toMatchObject({ code: 'API_ERROR', reason: 'too_large', status: 200 })
    expect(problem.message).toBe('Things answered GET /things with more than 10485760 bytes')
    await closed(asked[0])
    expect(sent).toBeLessThan(64)
  })

  it.each([
    ['text/html', '<!doctype html><title>Sign in</title>', 'with a web page instead of JSON'],
    ['application/json', '{"id":', 'with what is no JSON'],
    ['application/json', '<html>', 'with what is no JSON'],
    ['application/json', Buffer.from([0xff, 0xfe, 0x00, 0x01]), 'with what is no JSON'],
  ])('%s %j is an error', async (type, body, words) => {
    const { problem } = await failWith((_, response) => {
      response.writeHead(200, { 'content-type': type }).end(body)
    })
    expect(problem).toMatchObject({ code: 'API_ERROR', reason: 'not_json', status: 200 })
    expect(problem.message).toBe(`Things answered GET /things ${words}`)
  })

  it('204 is a result', async () => {
    await using api = await startApi((_, response) => {
      response.writeHead(204).end()
    })
    const route = await answered({ responses, upstream: { baseUrl: api.url } })
    expect(await route.result()).toEqual({
      content: [{ type: 'text', text: '204 No Content' }],
      structuredContent: {},
    })
  })

  it('a body that stalls ends when the time is over, and so does its connection', async () => {
    useFakeClock()
    await using api = await startApi((_, response) => {
      response.writeHead(200, { 'content-type': 'application/json' }).write('{"id":')
    })
    const route = await answered({ responses, upstream: { baseUrl: api.url, timeout: 5_000 } })
    const failed = failureOf(route.result())
    await runUntil(() => api.asked.length === 1, 1)
    await vi.advanceTimersByTimeAsync(5_000)
    expect(await failed).toMatchObject({ code: 'API_ERROR', reason: 'timeout' })
    await closed(api.asked[0])
  })

  it('a stream without an end gives what came until then', async () => {
    useFakeClock()
    let isWritten = false
    await using api = await startApi((_, response) => {
      response.writeHead(200, { 'content-type': 'text/event-stream' })
      response.write('data: 1\n\n', () => {
        isWritten = true
      })
    })
    const route = await answered({ responses, upstream: { baseUrl: api.url, timeout: 5_000 } })
    const result = route.result()
    await runUntil(() => isWritten, 1)
    await runUntil(() => performance.now() > 1_000, 100)
    await vi.advanceTimersByTimeAsync(5_000)
    expect(await result).toMatchObject({
      content: [
        { type: 'text', text: 'data: 1\n\n' },
        { type: 'text', text: 'This is the beginning of a stream: the time for it was over' },
      ],
    })
    await closed(api.asked[0])
  })

  it.each([
    [400, 'VALIDATION_ERROR'],
    [401, 'UNAUTHORIZED'],
    [403, 'UNAUTHORIZED'],
    [404, 'NOT_FOUND'],
    [409, 'CONFLICT'],
    [410, 'NOT_FOUND'],
    [418, 'API_ERROR'],
    [422, 'VALIDATION_ERROR'],
    [429, 'RATE_LIMITED'],
    [500, 'API_ERROR'],
    [503, 'API_ERROR'],
  ])('%i is %s, with its status and what it says', async (status, code) => {
    const { problem } = await failWith((_, response) => {
      response.setHeader('retry-after', '90')
      sendJson(response, status, { message: 'No such thing' })
    })
    expect(problem).toMatchObject({ code, status, retryAfterMs: 90_000 })
    expect(problem.details).toMatchObject({ status, retryAfterSeconds: 90 })
    expect(problem.message).toMatch(
      new RegExp(`^Things answered GET /things with ${status}.*; it may be asked again in 90 s$`),
    )
    expect(problem.excerpt).toBe('No such thing')
  })

  it('what broke inside an API is told without traces, files and secrets', async () => {
    const message = 'No connection with canary-of-ours, see /srv/api/db.js\n    at connect (/srv/api/db.js:3:9)'
    const { problem } = await failWith((_, response) => sendJson(response, 500, { message, stack: 'at /srv/x' }), {
      headers: { 'x-api-key': 'canary-of-ours' },
    })
    expect(problem.excerpt).toBe('No connection with [masked], see [file]')
  })

  it('what the document says of a status is told', async () => {
    const { problem } = await failWith((_, response) => sendJson(response, 404, {}))
    expect(problem.message).toBe('Things answered GET /things with 404 Not Found (No thing of this id, or not for you)')
  })

  it('what it says of a refusal is short, and holds no secret', async () => {
    const { problem } = await failWith(
      (_, response) => sendJson(response, 400, { message: `canary-of-ours and ${'ü'.repeat(3_000)}` }),
      { headers: { 'x-api-key': 'canary-of-ours' } },
    )
    expect(problem.excerpt).toMatch(/^\[masked\] and ü{900,}…$/)
    expect(new TextEncoder().encode(problem.excerpt).length).toBeLessThanOrEqual(2_048)
    expect(everythingIn(problem)).not.toContain('canary')
  })

  it('a redirect that is not followed is no success', async () => {
    const { problem } = await failWith((_, response) => {
      response.writeHead(300).end('<a href="/x">')
    })
    expect(problem).toMatchObject({ code: 'API_ERROR', status: 300 })
  })
})
