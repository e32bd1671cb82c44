import { FastMCP, ToolError } from '@fastmcp/ts'
import { createTestClient } from '@fastmcp/ts/testing'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { z } from 'zod'
import { callDirectly } from '../../tests/kit/direct-call.ts'
import type { LogEntry } from './log-outlet.ts'
import { type LoggingOptions, logging } from './logging.ts'

afterEach(() => void vi.restoreAllMocks())

function server(options: LoggingOptions) {
  const layer = logging(options)
  const mcp = new FastMCP({ name: 'logged', version: '1.0.0', onError: () => undefined })
  mcp.use(layer)
  const input = z.object({ city: z.string() }).partial().loose()
  mcp.tool('weather', { description: 'Weather', input }, () => 'rain')
  mcp.tool('broken', { description: 'Breaks' }, () => {
    throw new TypeError('connect to postgres://admin:hunter2@db failed')
  })
  mcp.tool('refused', { description: 'Refuses' }, () => {
    throw new ToolError('NOT_FOUND', 'no such city')
  })
  mcp.tool(
    'asking',
    { description: 'Asks' },
    async (_, ctx) => (await ctx.elicit('Sure?', z.object({ ok: z.boolean() }))).action,
  )
  mcp.resource('config://app', {}, () => 'x')
  return { mcp, layer }
}

function listening(options: Omit<LoggingOptions, 'sink'> = {}) {
  const lines: string[] = []
  const { mcp, layer } = server({ ...options, sink: (line) => void lines.push(line) })
  return { mcp, layer, lines, entries: () => lines.map((line) => JSON.parse(line) as LogEntry) }
}

const call = (name: string, args?: Record<string, unknown>) =>
  ['tools/call', args === undefined ? { name } : { name, arguments: args }] as const

describe('a log line', () => {
  it('tells when, what, who, how long and how it ended', async () => {
    const { mcp, entries } = listening()
    await callDirectly(mcp, call('weather', { city: 'Oslo' }), { auth: { subject: 'ada' }, requestId: 'r-7' })
    await callDirectly(mcp, ['resources/read', { uri: 'config://app' }])
    expect(entries()).toEqual([
      {
        time: expect.stringMatching(/^\d{4}-\d\d-\d\dT.*Z$/),
        level: 'info',
        method: 'tools/call',
        name: 'weather',
        id: 'r-7',
        outcome: 'ok',
        ms: expect.any(Number),
        subject: 'ada',
      },
      expect.objectContaining({ method: 'resources/read', name: 'config://app', outcome: 'ok' }),
    ])
  })

  it('has the arguments only where that was asked for, and then redacted', async () => {
    const { mcp, entries, lines } = listening({ arguments: true })
    await callDirectly(mcp, call('weather', { city: 'Oslo', api_key: 'c4n4ry', note: 'Bearer c4n4ry-abcdef' }))
    expect(entries()[0]?.arguments).toEqual({ city: 'Oslo', api_key: '[redacted]', note: '[redacted]' })
    expect(lines.join()).not.toContain('c4n4ry')
  })

  it('tells errors by their codes, and of unknown ones the class alone', async () => {
    const { mcp, entries, lines } = listening()
    await callDirectly(mcp, call('refused'))
    await callDirectly(mcp, call('broken'))
    await expect(callDirectly(mcp, call('missing'))).rejects.toThrow()
    await callDirectly(mcp, call('weather', { city: 7 as never, x: {} })).catch(() => undefined)
    expect(entries().map(({ level, outcome, code }) => [level, outcome, code])).toEqual([
      ['warning', 'error', 'NOT_FOUND'],
      ['error', 'failure', 'TypeError'],
      ['warning', 'error', 'INVALID_PARAMS'],
      ['info', 'ok', undefined],
    ])
    expect(lines.join()).not.toMatch(/hunter2|postgres/)
  })

  it('leaves out what ended less severely than wanted', async () => {
    const { mcp, entries } = listening({ level: 'error' })
    await callDirectly(mcp, call('weather'))
    await callDirectly(mcp, call('refused'))
    await callDirectly(mcp, call('broken'))
    expect(entries().map(({ level }) => level)).toEqual(['error'])
  })

  it('does not call a question a failure', async () => {
    const { mcp, entries } = listening()
    await using client = await createTestClient(mcp, { era: 'stateless', onElicit: () => ({ action: 'decline' }) })
    expect((await client.callTool('asking')).data).toBe('decline')
    expect(
      entries()
        .filter(({ method }) => method === 'tools/call')
        .map(({ outcome, level }) => [outcome, level]),
    ).toEqual([
      ['asked', 'info'],
      ['ok', 'info'],
    ])
  })

  it('is one line, whatever the client sends', async () => {
    const { mcp, lines } = listening()
    const name = `a\nb\u2028c\u0085d\u202ee\u001b[2J${'x'.repeat(5_000)}`
    await expect(callDirectly(mcp, call(name))).rejects.toThrow()
    expect(lines).toHaveLength(1)
    // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what must not be there
    expect(lines[0]).not.toMatch(/[\u0000-\u001f\u007f-\u009f\u2028\u2029\u202e]/)
    expect(lines[0]?.length).toBeLessThan(1_000)
    expect(JSON.parse(lines[0] ?? '')).toMatchObject({ name: expect.stringContaining('a\nb') })
  })

  it('goes to standard error by itself', async () => {
    const said = vi.spyOn(console, 'error').mockImplementation(() => undefined)
    const mcp = new FastMCP({ name: 'plain', version: '1.0.0' })
    mcp.use(logging())
    mcp.tool('a', { description: 'A' }, () => 1)
    await callDirectly(mcp, call('a'))
    expect(JSON.parse(String(said.mock.calls[0]?.[0]))).toMatchObject({ method: 'tools/call', name: 'a' })
  })

  it('is lost where nobody reads standard error, and the call goes on', async () => {
    const said = vi.spyOn(console, 'error').mockImplementation(() => undefined)
    vi.spyOn(process.stderr, 'writableLength', 'get').mockReturnValue(2 ** 21)
    const layer = logging()
    const mcp = new FastMCP({ name: 'plain', version: '1.0.0' })
    mcp.use(layer)
    mcp.tool('a', { description: 'A' }, () => 'x')
    expect((await callDirectly(mcp, call('a'))).isError).toBeUndefined()
    expect([said.mock.calls.length, layer.dropped]).toEqual([0, 1])
  })
})

describe('OV-06: a sink', () => {
  it('that throws costs lines, and no call', async () => {
    let isFull = true
    const lines: string[] = []
    const { mcp, layer } = server({
      sink: (line) => {
        if (isFull) throw new Error('ENOSPC')
        lines.push(line)
      },
    })
    for (let n = 0; n < 3; n++) expect((await callDirectly(mcp, call('weather'))).isError).toBeUndefined()
    expect(layer.dropped).toBe(3)
    isFull = false
    await callDirectly(mcp, call('weather'))
    expect(lines.map((line) => JSON.parse(line))).toMatchObject([
      { method: 'tools/call' },
      { level: 'warning', message: 'Log lines were left out here', count: 3 },
    ])
  })

  it('that rejects costs lines, and no call', async () => {
    const { mcp, layer } = server({ sink: () => Promise.reject(new Error('down')) })
    await callDirectly(mcp, call('weather'))
    await new Promise((resolve) => setImmediate(resolve))
    await callDirectly(mcp, call('weather'))
    await new Promise((resolve) => setImmediate(resolve))
    expect(layer.dropped).toBe(2)
  })

  it('that hangs holds up nobody, and a thousand lines at most', async () => {
    let goOn: () => void = () => undefined
    const first = new Promise<void>((resolve) => {
      goOn = resolve
    })
    const taken: LogEntry[] = []
    const { mcp, layer } = server({
      sink: (_line, entry) => {
        taken.push(entry)
        return first
      },
    })
    for (let n = 0; n < 1_200; n++) await callDirectly(mcp, call('weather'), { requestId: n })
    expect(taken).toHaveLength(1)
    expect(layer.dropped).toBe(199)
    goOn()
    await vi.waitFor(() => expect(taken.length).toBeGreaterThanOrEqual(1_002))
    expect(taken.filter(({ method }) => method !== undefined).map(({ id }) => id)).toEqual(
      Array.from({ length: 1_001 }, (_, n) => n),
    )
    expect(taken.filter(({ count }) => count !== undefined)).toMatchObject([{ count: 199 }])
  })
})
