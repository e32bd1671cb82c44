import { FastMCP, file, image } from '@fastmcp/ts'
import { describeEras } from '@fastmcp/ts/testing/vitest'
import { expect, it } from 'vitest'
import { z } from 'zod'

const PNG = Uint8Array.from([137, 80, 78, 71, 13, 10, 26, 10, 0, 0, 0, 13])

function writer(): FastMCP {
  const mcp = new FastMCP({ name: 'writer', version: '1.0.0', onError: () => undefined })
  const input = z.object({ code: z.string().describe('What to review'), language: z.string().optional() })
  mcp.prompt(
    'review',
    { description: 'Review code', input },
    ({ code, language }) => `Review this ${language ?? 'code'}:\n${code}`,
  )
  mcp.prompt('plain', { description: 'No arguments' }, () => 'Hello')
  mcp.prompt('talk', { description: 'Several messages' }, () => [
    { role: 'user', content: { type: 'text', text: 'Look' } },
    { role: 'user', content: image(PNG) },
    { role: 'assistant', content: file('note://1', { text: 'seen' }) },
  ])
  mcp.prompt('broken', { description: 'Breaks' }, () => {
    throw new Error('password=hunter2')
  })
  return mcp
}

describeEras('a prompt', (open) => {
  it('is filled in', async () => {
    const client = await open(writer)
    const { messages, description } = await client.getPrompt('review', { code: 'x = 1', language: 'Python' })
    expect(messages).toEqual([{ role: 'user', content: { type: 'text', text: 'Review this Python:\nx = 1' } }])
    expect(description).toBe('Review code')
    expect((await client.getPrompt('plain')).messages).toHaveLength(1)
  })

  it('carries roles, pictures and files', async () => {
    const { messages } = await (await open(writer)).getPrompt('talk')
    expect(messages).toMatchObject([
      { role: 'user', content: { type: 'text', text: 'Look' } },
      { role: 'user', content: { type: 'image', mimeType: 'image/png' } },
      { role: 'assistant', content: { type: 'resource', resource: { uri: 'note://1', text: 'seen' } } },
    ])
  })

  it('lists its arguments and which of them are needed', async () => {
    const [review, plain] = await (await open(writer)).prompts()
    expect(review?.arguments).toMatchObject([
      { name: 'code', description: 'What to review', required: true },
      { name: 'language' },
    ])
    expect(review?.arguments?.[1]?.required ?? false).toBe(false)
    expect(plain?.arguments ?? []).toEqual([])
  })

  it('refuses arguments that are missing, naming them', async () => {
    const client = await open(writer)
    await expect(client.getPrompt('review', {})).rejects.toMatchObject({
      code: 'INVALID_PARAMS',
      message: expect.stringContaining('code'),
    })
  })

  it.each(['nope', '', '__proto__', 'constructor'])('is unknown by the name %j', async (name) => {
    const client = await open(writer)
    await expect(client.getPrompt(name)).rejects.toMatchObject({ code: 'INVALID_PARAMS', rpcCode: -32602 })
  })

  it('keeps to itself what went wrong inside', async () => {
    const client = await open(writer)
    const problem = await client.getPrompt('broken').catch((thrown: unknown) => thrown)
    expect(String(problem)).toMatch(/Internal error/)
    expect(JSON.stringify(problem)).not.toContain('hunter2')
  })
})
