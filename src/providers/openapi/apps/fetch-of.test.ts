import { gzipSync } from 'node:zlib'
import { Hono } from 'hono'
import { describe, expect, it } from 'vitest'
import { upstream } from '../../../upstream/upstream.ts'
import type { App } from './app.ts'
import { fetchOf } from './fetch-of.ts'

const at = (app: App, options: object = {}) =>
  upstream({ baseUrl: 'http://localhost', name: 'The app', fetch: fetchOf(app), retry: false, ...options })

describe('requests to an app in this process', () => {
  it('arrive as they are', async () => {
    const app = new Hono().post('/echo/:id', async (c) =>
      c.json({ id: c.req.param('id'), q: c.req.query('q'), key: c.req.header('x-key'), body: await c.req.json() }),
    )
    const answer = await at(app).post('/echo/{id}', {
      params: { id: 'a/b' },
      query: { q: 'ä' },
      headers: { 'x-key': 'k' },
      json: { deep: [1] },
    })
    expect(answer).toEqual({ id: 'a/b', q: 'ä', key: 'k', body: { deep: [1] } })
  })

  it.each([
    [
      'throws',
      () => {
        throw new Error('secret words')
      },
    ],
    ['rejects', () => Promise.reject(new Error('secret words'))],
    ['answers with nothing', () => undefined],
    ['answers in an unknown encoding', () => new Response('x', { headers: { 'content-encoding': 'br' } })],
  ])('fail where the app %s', async (_, fetch) => {
    const failed = at({ fetch: fetch as App['fetch'] }).get('/')
    await expect(failed).rejects.toMatchObject({
      reason: 'unreachable',
      message: expect.not.stringContaining('secret'),
    })
  })

  it('end with their signal, though the app goes on', async () => {
    const ended = new AbortController()
    let answerNow = (_: Response): void => undefined
    const late = new Promise<Response>((resolve) => {
      answerNow = resolve
    })
    const answer = fetchOf({ fetch: () => late })('http://localhost/', { signal: ended.signal })
    ended.abort(new Error('enough'))
    await expect(answer).rejects.toThrow('enough')
    await new Promise<void>((cancel) => answerNow(new Response(new ReadableStream({ cancel }))))
    const again = fetchOf({ fetch: () => late })('http://localhost/', { signal: ended.signal })
    await expect(again).rejects.toThrow('enough')
  })

  it('are bounded in time and size as all others', async () => {
    const endless = new ReadableStream({ pull: (controller) => controller.enqueue(new Uint8Array(1_000)) })
    const large = at({ fetch: () => new Response(endless) }, { maxResponseBytes: 5_000 }).get('/')
    await expect(large).rejects.toMatchObject({ reason: 'too_large' })
    const slow = at({ fetch: () => new Promise<never>(() => undefined) }, { timeout: 5 }).get('/')
    await expect(slow).rejects.toMatchObject({ reason: 'timeout' })
  })

  it('give what an app compressed, counted as it unfolds', async () => {
    const packed = (bytes: number) => (): Response =>
      new Response(gzipSync(JSON.stringify('x'.repeat(bytes))), {
        headers: { 'content-encoding': 'gzip', 'content-type': 'application/json' },
      })
    expect(await at({ fetch: packed(3) }).get('/')).toBe('xxx')
    const bomb = at({ fetch: packed(1_000_000) }, { maxResponseBytes: 10_000 }).get('/')
    await expect(bomb).rejects.toMatchObject({ reason: 'too_large' })
  })
})
