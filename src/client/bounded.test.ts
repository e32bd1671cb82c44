import { createServer, type RequestListener } from 'node:http'
import type { AddressInfo } from 'node:net'
import { describe, expect, it, onTestFinished } from 'vitest'
import { boundAnswer } from './bounded.ts'

const MOST = 64 * 1024

async function serve(listener: RequestListener): Promise<string> {
  const server = createServer(listener)
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  onTestFinished(() => {
    server.closeAllConnections()
    server.close()
  })
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}/`
}

const bounded = async (url: string): Promise<Response> => boundAnswer(await fetch(url), { most: MOST })

describe('CL-01: an answer over the limit', () => {
  it('is cut off while it is read', async () => {
    const url = await serve((_, response) => {
      const pour = (): void => {
        while (response.write('x'.repeat(16_384)));
        response.once('drain', pour)
      }
      pour()
    })
    const response = await bounded(url)
    await expect(response.text()).rejects.toMatchObject({ code: 'TOO_LARGE' })
  })

  it('is counted after decompression', async () => {
    const { gzipSync } = await import('node:zlib')
    const url = await serve((_, response) => {
      response.writeHead(200, { 'content-encoding': 'gzip' }).end(gzipSync('x'.repeat(MOST * 100)))
    })
    await expect((await bounded(url)).text()).rejects.toMatchObject({ code: 'TOO_LARGE' })
  })

  it('counts each event of a stream for itself', async () => {
    const event = `data: ${'x'.repeat(MOST / 2)}\r\n\r\n`
    const url = await serve((_, response) => {
      response.writeHead(200, { 'content-type': 'text/event-stream' }).end(event.repeat(20))
    })
    expect(await (await bounded(url)).text()).toHaveLength(event.length * 20)
  })

  it('cuts off an event that never ends', async () => {
    const url = await serve((_, response) => {
      response.writeHead(200, { 'content-type': 'text/event-stream' })
      response.write('data: one\n\ndata: ')
      response.end(`${'x'.repeat(MOST * 2)}\n`)
    })
    await expect((await bounded(url)).text()).rejects.toMatchObject({ code: 'TOO_LARGE' })
  })
})

it('leaves small answers, empty ones and their address as they are', async () => {
  const url = await serve((request, response) => {
    if (request.url === '/empty') response.writeHead(204).end()
    else response.writeHead(418, { 'x-kind': 'tea' }).end('short')
  })
  const response = await bounded(url)
  expect([response.status, response.headers.get('x-kind'), response.url]).toEqual([418, 'tea', url])
  expect(await response.text()).toBe('short')
  expect((await bounded(`${url}empty`)).status).toBe(204)
})
