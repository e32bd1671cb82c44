import { createServer as createHttpServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { SamplingParams } from '@fastmcp/ts/client'
import { describeEras } from '@fastmcp/ts/testing/vitest'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { createServer } from '../../examples/patterns/m1-improve-text.ts'

/** A model behind HTTP, and what it was asked. */
const asked: Record<string, unknown>[] = []
const model = createHttpServer((request, response) => {
  let body = ''
  request.setEncoding('utf8').on('data', (text: string) => {
    body += text
  })
  request.on('end', () => {
    asked.push(JSON.parse(body))
    if (request.url === '/down') return void response.writeHead(503).end()
    const choices = [{ message: { role: 'assistant', content: 'A far better text.' } }]
    response.setHeader('content-type', 'application/json').end(JSON.stringify({ model: 'own-1', choices }))
  })
})
let url = ''
beforeAll(async () => {
  await new Promise<void>((resolve) => model.listen(0, '127.0.0.1', resolve))
  url = `http://127.0.0.1:${(model.address() as AddressInfo).port}`
})
afterAll(() => new Promise((resolve) => model.close(resolve)))

const given = { text: 'a text', style: 'formal' }

describeEras('M1: a text improved by a model', (open) => {
  it('asks the model of the client, with prompt, temperature and most tokens', async () => {
    const requests: SamplingParams[] = []
    asked.length = 0
    const client = await open(() => createServer(url), {
      onSample: (request) => {
        requests.push(request)
        return { model: 'client-1', content: { type: 'text', text: 'A better text.' } }
      },
    })
    const { data } = await client.callTool('improve_text', given)
    expect(data).toEqual({ improved: 'A better text.', model: 'client-1' })
    expect(requests).toMatchObject([
      {
        messages: [{ role: 'user', content: { type: 'text', text: 'a text' } }],
        systemPrompt: expect.stringContaining('formal style'),
        temperature: 0.3,
        maxTokens: 500,
      },
    ])
    expect(asked).toEqual([])
  })

  it('asks that of the server where the client has none', async () => {
    asked.length = 0
    const client = await open(() => createServer(url))
    const { data } = await client.callTool('improve_text', given)
    expect(data).toEqual({ improved: 'A far better text.', model: 'own-1' })
    expect(asked).toEqual([
      {
        messages: [
          { role: 'system', content: expect.stringContaining('formal style') },
          { role: 'user', content: 'a text' },
        ],
        temperature: 0.3,
        max_tokens: 500,
      },
    ])
  })

  it('says so where the model of the server fails', async () => {
    const client = await open(() => createServer(`${url}/down`))
    const result = await client.callTool('improve_text', given, { throwOnError: false })
    expect([result.isError, result.text]).toEqual([true, expect.stringContaining('The model answered 503')])
  })

  it('says what is missing where there is no model at all', async () => {
    const client = await open(() => createServer(''))
    await expect(client.callTool('improve_text', given)).rejects.toThrow(
      'This needs a model: a client with the capability "sampling", or one of the server: new FastMCP({ sampling })',
    )
  })
})
