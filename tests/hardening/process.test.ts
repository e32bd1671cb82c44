import { afterEach, describe, expect, it } from 'vitest'
import { postText, RawSocket, sendRaw } from '../kit/raw-socket.ts'
import { plain } from './hostile.ts'
import { Program } from './program.ts'

const programs: Program[] = []
afterEach(() => {
  for (const { child } of programs.splice(0)) child.kill('SIGKILL')
})

async function start(): Promise<{ readonly program: Program; readonly port: number }> {
  const started = await Program.overHttp()
  programs.push(started.program)
  return started
}

const call = (port: number, name: string): string => postText(port, plain('tools/call', { name }))

describe('a process that serves', () => {
  it.each(['SIGTERM', 'SIGINT'] as const)(
    'lets work in flight end on %s, takes no more, and exits with 0',
    async (signal) => {
      const { program, port } = await start()
      const busy = await RawSocket.open(port)
      busy.write(call(port, 'slow'))
      const kept = await RawSocket.open(port)
      kept.write('POST /mcp HTTP/1.1\r\n')
      await program.saysError('working')
      program.child.kill(signal)
      // The request in flight shows when the server has begun to stop.
      const answer = busy.answer()
      await expect
        .poll(
          async () =>
            RawSocket.open(port).then(
              (raw) => raw.destroy(),
              () => 'closed',
            ),
          { interval: 20 },
        )
        .toBe('closed')
      kept.write(call(port, 'hello').slice('POST /mcp HTTP/1.1\r\n'.length))
      expect(await kept.answer()).toMatchObject({ status: 503 })
      expect(JSON.parse((await answer).body).result.content[0].text).toBe('done')
      expect(await program.exited).toBe(0)
    },
  )

  it.each([
    ['SIGTERM', 143],
    ['SIGINT', 130],
  ] as const)('ends at once on a second %s', async (signal, code) => {
    const { program, port } = await start()
    const raw = await RawSocket.open(port)
    raw.write(call(port, 'wait'))
    await program.saysError('waiting')
    program.child.kill(signal)
    await expect
      .poll(
        async () =>
          RawSocket.open(port).then(
            (other) => other.destroy(),
            () => 'closed',
          ),
        { interval: 20 },
      )
      .toBe('closed')
    program.child.kill(signal)
    expect(await program.exited).toBe(code)
  })

  it('reports a rejection that nobody handles, and goes on', async () => {
    const { program, port } = await start()
    expect((await sendRaw(port, call(port, 'reject'))).status).toBe(200)
    await program.saysError('left behind')
    expect((await sendRaw(port, call(port, 'hello'))).status).toBe(200)
    program.child.kill('SIGTERM')
    expect(await program.exited).toBe(0)
  })

  it('reports an exception that nobody catches, lets work in flight end, and exits with 1', async () => {
    const { program, port } = await start()
    const busy = await RawSocket.open(port)
    busy.write(call(port, 'slow'))
    await program.saysError('working')
    expect((await sendRaw(port, call(port, 'crash'))).status).toBe(200)
    expect(JSON.parse((await busy.answer()).body).result.content[0].text).toBe('done')
    expect(await program.exited).toBe(1)
    expect(program.errors).toContain('out of the blue')
  })
})
