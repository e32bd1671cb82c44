import { FastMCP, image, link, toolResult } from '@fastmcp/ts'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { z } from 'zod'
import { callDirectly } from '../../tests/kit/direct-call.ts'
import type { CallToolResult } from '../protocol/methods.ts'
import { responseLimit } from './response-limit.ts'

const MOST = 2_048

function server(returned: unknown): FastMCP {
  const mcp = new FastMCP({ name: 'large', version: '1.0.0', onError: () => undefined })
  mcp.use(responseLimit({ maxBytes: MOST }))
  mcp.tool('get', { description: 'Gets' }, () => returned)
  const output = z.array(z.object({ id: z.number(), text: z.string() }))
  mcp.tool('rows', { description: 'Rows', output }, () => returned as z.infer<typeof output>)
  mcp.resource('text://x', {}, () => String(returned))
  mcp.prompt('p', {}, () => String(returned))
  return mcp
}

const got = (returned: unknown, name = 'get'): Promise<CallToolResult> =>
  callDirectly(server(returned), ['tools/call', { name }])
const bytesOf = (value: unknown): number => new TextEncoder().encode(JSON.stringify(value)).length
const textOf = (result: CallToolResult, index: number): string => {
  const block = result.content[index]
  return block?.type === 'text' ? block.text : ''
}

describe('responseLimit', () => {
  it('leaves alone what is small enough', async () => {
    expect(await got('short')).toEqual({ content: [{ type: 'text', text: 'short' }] })
    expect(await got({ a: 1 })).toMatchObject({ structuredContent: { a: 1 } })
  })

  it('cuts text and says so', async () => {
    const result = await got('word '.repeat(10_000))
    expect(bytesOf(result)).toBeLessThanOrEqual(MOST)
    expect(textOf(result, 0)).toMatch(/^word word/)
    expect(textOf(result, 1)).toBe(
      `[Cut short (text): the whole result has 50039 bytes, and at most ${MOST} are allowed. Ask for less to see the rest.]`,
    )
    expect(result.isError).toBeUndefined()
  })

  it('uses the room that there is, to the last character', async () => {
    expect(bytesOf(await got('x'.repeat(9_000)))).toBeGreaterThan(MOST - 300)
  })

  it('keeps what comes first, and leaves out what cannot be cut', async () => {
    const picture = image(new Uint8Array(6_000), { mimeType: 'image/png' })
    const result = await got([link('file:///a', { name: 'a' }), picture, 'tail '.repeat(1_000)])
    expect(result.content.map(({ type }) => type)).toEqual(['resource_link', 'text', 'text'])
    expect(textOf(result, 2)).toContain('(image, text)')
    expect(bytesOf(result)).toBeLessThanOrEqual(MOST)
  })

  it.each([
    ['data', Array.from({ length: 500 }, (_, id) => ({ id, text: 'row' })), 'get'],
    ['data with a schema', Array.from({ length: 500 }, (_, id) => ({ id, text: 'row' })), 'rows'],
    ['JSON text', JSON.stringify(Array(2_000).fill('row')), 'get'],
  ])('never breaks %s: it is an error that says how large', async (_, returned, name) => {
    const result = await got(returned, name)
    expect(result.isError).toBe(true)
    expect(result).not.toHaveProperty('structuredContent')
    expect(textOf(result, 0)).toMatch(/^The result of tools\/call has \d+ bytes, and at most 2048 are allowed/)
    expect(JSON.parse(textOf(result, 1))).toMatchObject({ code: 'TOO_LARGE', details: { maxBytes: MOST } })
  })

  it('keeps the rest of a result', async () => {
    const result = await got(toolResult({ content: 'bad '.repeat(5_000), isError: true, meta: { 'example.com/x': 1 } }))
    expect(result).toMatchObject({ isError: true, _meta: { 'example.com/x': 1 } })
    expect(bytesOf(result)).toBeLessThanOrEqual(MOST)
  })

  it('cuts nothing in resources and prompts', async () => {
    const mcp = server('x'.repeat(5_000))
    for (const asked of [['resources/read', { uri: 'text://x' }] as const, ['prompts/get', { name: 'p' }] as const]) {
      await expect(callDirectly<'resources/read' | 'prompts/get'>(mcp, asked)).rejects.toMatchObject({
        code: 'TOO_LARGE',
        data: { bytes: expect.any(Number), maxBytes: MOST },
      })
    }
  })

  it('is not for lists, which come in pages', async () => {
    const mcp = server('x')
    for (let n = 0; n < 50; n++) mcp.tool(`tool_${n}`, { description: 'One of many tools' }, () => n)
    expect((await callDirectly(mcp, ['tools/list', {}])).tools).toHaveLength(52)
  })

  it('is never exceeded, and never splits a character', async () => {
    const character = fc.constantFrom('a', '"', '\\', '\n', '\u0001', 'é', '€', '😀', '\ud800', '\u2028')
    const text = fc.array(character, { maxLength: 900 }).map((all) => all.join(''))
    await fc.assert(
      fc.asyncProperty(fc.array(text, { minLength: 1, maxLength: 4 }), async (texts) => {
        const blocks = texts.map((one) => ({ type: 'text', text: one }))
        const result = await got(blocks)
        expect(bytesOf(result)).toBeLessThanOrEqual(MOST)
        if (result.content.length === blocks.length && textOf(result, 0) === texts[0]) return
        const shown = result.content.slice(0, -1)
        for (const [index, block] of shown.entries()) {
          const whole = blocks
            .map((one) => one.text)
            .find((one, at) => at >= index && one.startsWith(block.type === 'text' ? block.text : '?'))
          expect(whole).toBeDefined()
          if (block.type === 'text' && whole !== block.text) {
            const [last = '', next = ''] = [block.text.at(-1), whole?.charAt(block.text.length)]
            expect(/[\ud800-\udbff]/.test(last) && /[\udc00-\udfff]/.test(next)).toBe(false)
          }
        }
      }),
      { numRuns: 100 },
    )
  })

  it.each([0, -1, 1_023, Number.NaN, 1.5e3 + 0.5])('refuses %s bytes where it is set', (maxBytes) => {
    expect(() => responseLimit({ maxBytes })).toThrow(expect.objectContaining({ code: 'SETTING' }))
  })
})
