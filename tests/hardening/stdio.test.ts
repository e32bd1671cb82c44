import { afterAll, describe, expect, it } from 'vitest'
import { plain } from './hostile.ts'
import { Program } from './program.ts'

const programs: Program[] = []
afterAll(() => {
  for (const { child } of programs) child.kill('SIGKILL')
})

function start(): Program {
  const program = new Program()
  programs.push(program)
  return program
}

const HELLO = `${plain('tools/call', { name: 'hello' }, 'next')}\n`
const SERVED = { id: 'next', result: { content: [{ type: 'text', text: 'Hello' }] } }
const UNREADABLE = { jsonrpc: '2.0', error: { code: -32700, message: expect.any(String) } }

/** Ends the input and gives the exit code and how long it took. */
async function end(program: Program): Promise<{ readonly code: number | string | null; readonly ms: number }> {
  const start = performance.now()
  program.child.stdin?.end()
  return { code: await program.exited, ms: performance.now() - start }
}

// Some at once: each has a program of its own, and many wait.
describe.concurrent('stdio', () => {
  it('SIO-01: a line of 11 MB is answered without an id, skipped, and the next served', async () => {
    const program = start()
    for (let i = 0; i < 11; i++) program.send('x'.repeat(1024 * 1024))
    expect(await program.heard(1)).toEqual([UNREADABLE])
    program.send(`${'y'.repeat(1024 * 1024)}\n${HELLO}`)
    expect(await program.heard(2)).toMatchObject([UNREADABLE, SERVED])
    expect((await end(program)).code).toBe(0)
  })

  it('SIO-02: bytes one by one, cut characters and CRLF make the same messages', async () => {
    const program = start()
    const text = `${plain('ping', {}, '日本')}\r\n${plain('ping', { _meta: { x: 'é'.repeat(40_000) } }, 'é')}\n`
    const bytes = Buffer.from(text)
    for (const byte of bytes.subarray(0, 100)) {
      program.send(Uint8Array.of(byte))
      await new Promise((resolve) => setImmediate(resolve))
    }
    for (let at = 100; at < bytes.length; at += 65_535) program.send(bytes.subarray(at, at + 65_535))
    expect((await program.heard(2)).map(({ id }) => id)).toEqual(['日本', 'é'])
    expect((await end(program)).code).toBe(0)
  })

  it('SIO-03: work is dropped when the output is closed, and the program ends', async () => {
    const program = start()
    program.call(1, 'wait')
    await program.saysError('waiting')
    program.child.stdout?.destroy()
    const begun = performance.now()
    program.call(2, 'hello')
    expect(await program.exited).toBe(0)
    expect(performance.now() - begun).toBeLessThan(3_000)
    expect(program.errors).toContain('cancelled')
  })

  it('SIO-03: an output that nobody reads does not keep the program alive', async () => {
    const program = start()
    program.child.stdout?.pause()
    program.call(1, 'hello')
    for (let i = 0; i < 4; i++) program.call(i, 'large')
    const { code, ms } = await end(program)
    expect(code).toBe(0)
    expect(ms).toBeLessThan(4_000)
  })

  it('SIO-04: what the program and its children print never gets between the messages', async () => {
    const program = start()
    program.call('log', 'log')
    program.call('children', 'children')
    const heard = await program.heard(2)
    expect(heard.map(({ id }) => id).sort()).toEqual(['children', 'log'])
    const children = heard.find(({ id }) => id === 'children')
    expect(children?.result?.content?.[0]?.text).toBe('a child said: noise on standard output')
    expect((await end(program)).code).toBe(0)
    expect(program.messages).toHaveLength(2)
    expect(program.errors.match(/noise on standard output/g)?.length).toBeGreaterThanOrEqual(9)
    expect(program.errors.match(/which carries MCP messages/g)).toHaveLength(1)
  })

  it('SIO-05: an id that is in flight is refused, and its first request goes on', async () => {
    const program = start()
    program.call(7, 'slow')
    program.call(7, 'hello')
    const heard = await program.heard(2)
    expect(heard).toMatchObject([
      { id: 7, error: { code: -32600 } },
      { id: 7, result: { content: [{ text: 'done' }] } },
    ])
    expect((await end(program)).code).toBe(0)
  })

  it.each<[string, number[]]>([
    ['a stray byte', [0xff]],
    ['an overlong slash', [0xc0, 0xaf]],
    ['a surrogate half', [0xed, 0xa0, 0x80]],
    ['a NUL', [0]],
  ])('FR-07: a line with %s is refused, and the next served', async (_name, bytes) => {
    const program = start()
    program.send(Buffer.concat([Buffer.from('{"jsonrpc":"2.0","id":"'), Buffer.from(bytes), Buffer.from('"}\n')]))
    program.send(HELLO)
    expect(await program.heard(2)).toMatchObject([UNREADABLE, SERVED])
    expect((await end(program)).code).toBe(0)
  })

  it('FR-18: a flood of unknown notifications is dropped', async () => {
    const program = start()
    const flood = `${JSON.stringify({ jsonrpc: '2.0', method: 'notifications/nothing', params: { x: 1 } })}\n`.repeat(
      1_000,
    )
    for (let i = 0; i < 100; i++) program.send(flood)
    program.send(HELLO)
    expect(await program.heard(1)).toMatchObject([SERVED])
    expect(program.errors).toBe('')
    expect((await end(program)).code).toBe(0)
  })

  it('ends with its input though timers live, as soon as work in flight is done', async () => {
    const idle = start()
    idle.send(HELLO)
    await idle.heard(1)
    const quick = await end(idle)
    expect(quick.code).toBe(0)
    expect(quick.ms).toBeLessThan(1_500)

    const busy = start()
    busy.call(1, 'slow')
    await busy.saysError('working')
    expect((await end(busy)).code).toBe(0)
    expect(busy.messages).toMatchObject([{ id: 1, result: { content: [{ text: 'done' }] } }])
  })

  it('gives up on work in flight two seconds after the end of the input', async () => {
    const program = start()
    program.call(1, 'wait')
    await program.saysError('waiting')
    const { code, ms } = await end(program)
    expect(code).toBe(0)
    expect(ms).toBeGreaterThan(1_500)
    expect(ms).toBeLessThan(4_000)
    expect(program.errors).toContain('cancelled')
  })

  it.each(['SIGTERM', 'SIGINT'] as const)('ends gracefully on %s', async (signal) => {
    const program = start()
    program.call(1, 'slow')
    await program.saysError('working')
    program.child.kill(signal)
    expect(await program.exited).toBe(0)
    expect(program.messages).toMatchObject([{ id: 1, result: { content: [{ text: 'done' }] } }])
  })
})
