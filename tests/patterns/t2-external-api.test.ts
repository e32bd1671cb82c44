import { EventEmitter, once } from 'node:events'
import { createServer as createHttp, type RequestListener, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { describeEras } from '@fastmcp/ts/testing/vitest'
import { expect, it, onTestFinished } from 'vitest'
import { createServer } from '../../examples/patterns/t2-external-api.ts'

/** A real HTTP server that answers as it is told. */
async function listening(answer: RequestListener): Promise<{ http: Server; baseUrl: string }> {
  const http = createHttp(answer)
  http.listen(0, '127.0.0.1')
  await once(http, 'listening')
  onTestFinished(() => {
    http.closeAllConnections()
    http.close()
  })
  return { http, baseUrl: `http://127.0.0.1:${(http.address() as AddressInfo).port}/v1` } // it listens on a port
}

const BERLIN = { latitude: 52.5, longitude: 13.4 }
const WELL = JSON.stringify({ current: { time: '2030-05-17T12:00', temperature_2m: 21.5 } })

describeEras('T2: a tool that calls an API', (open) => {
  it('answers', async () => {
    const asked: unknown[] = []
    const { baseUrl } = await listening((request, response) => {
      asked.push(`${request.method} ${request.url}`)
      response.end(WELL)
    })
    const client = await open(createServer({ baseUrl }))
    expect((await client.callTool('current_weather', BERLIN)).data).toBe('21.5 °C at 2030-05-17T12:00')
    expect(asked).toEqual(['GET /v1/forecast?latitude=52.5&longitude=13.4&current=temperature_2m'])
  })

  it('tells of a time-out', async () => {
    const { baseUrl } = await listening(() => undefined)
    const client = await open(createServer({ baseUrl, timeout: 50, retry: false, name: 'Open-Meteo' }))
    await expect(client.callTool('current_weather', BERLIN)).rejects.toMatchObject({
      message: expect.stringContaining('Open-Meteo did not answer GET /forecast within 50 ms'),
      code: 'API_ERROR',
      details: { reason: 'timeout' },
    })
  })

  it('tells of a 404', async () => {
    const { baseUrl } = await listening((_, response) => response.writeHead(404).end('No such place'))
    const client = await open(createServer({ baseUrl, name: 'Open-Meteo' }))
    await expect(client.callTool('current_weather', BERLIN)).rejects.toMatchObject({
      message: expect.stringContaining('Open-Meteo answered GET /forecast'),
      code: 'NOT_FOUND',
      details: { reason: 'status', status: 404 },
    })
  })

  it('tells that nobody is there', async () => {
    const { http, baseUrl } = await listening(() => undefined)
    http.close()
    await once(http, 'close')
    const client = await open(createServer({ baseUrl, name: 'Open-Meteo', retry: { retries: 1, initialDelay: 1 } }))
    await expect(client.callTool('current_weather', BERLIN)).rejects.toMatchObject({
      message: expect.stringContaining('Open-Meteo could not be reached, or broke off, at GET /forecast'),
      code: 'API_ERROR',
      details: { reason: 'unreachable' },
    })
  })

  it('tells of an answer that is not what was asked for', async () => {
    const { baseUrl } = await listening((_, response) => response.end('<html>'))
    const client = await open(createServer({ baseUrl }))
    await expect(client.callTool('current_weather', BERLIN)).rejects.toMatchObject({
      code: 'API_ERROR',
      details: { reason: 'not_json' },
    })
  })

  it('stops asking when the client gives up', async () => {
    const gone = new EventEmitter()
    const left = once(gone, 'left')
    const abort = new AbortController()
    const { baseUrl } = await listening((request) => {
      request.once('close', () => gone.emit('left'))
      abort.abort(new Error('Enough'))
    })
    const client = await open(createServer({ baseUrl }))
    await expect(client.callTool('current_weather', BERLIN, { signal: abort.signal })).rejects.toThrow('Enough')
    await left
  })
})
