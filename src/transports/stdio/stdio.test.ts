import { PassThrough, Writable } from 'node:stream'
import { describe, expect, it } from 'vitest'
import { deferred, type EchoEras, echoEras } from '../../../tests/kit/echo-eras.ts'
import { type StdioOptions, serveStdio } from './stdio.ts'

/** Serves over pipes; `finish` ends the input and gives all output. */
function serve(eras: EchoEras, options: StdioOptions = {}) {
  const input = new PassThrough()
  const output = new PassThrough()
  let text = ''
  output.on('data', (chunk: Buffer) => {
    text += chunk
  })
  const served = serveStdio(eras, { input, output, ...options })
  return {
    input,
    output,
    served,
    async finish() {
      input.end()
      await served
      return text
    },
  }
}

/** Lets streams hand on what they have. */
const turn = (): Promise<void> => new Promise((resolve) => setImmediate(() => setImmediate(resolve)))

const noId = (code: number) => ({ jsonrpc: '2.0', error: { code, message: expect.any(String) } })

describe('serving', () => {
  it('takes a message per line and answers in lines', async () => {
    const eras = echoEras()
    const { input, finish } = serve(eras)
    input.write('{"a":1}\n{"b"')
    input.write(':2}\r\n\n{"c":3}')
    expect(await finish()).toBe('{"a":1}\n{"b":2}\n{"c":3}\n')
    expect(eras.closedBecause).toBeInstanceOf(Error)
  })

  it('answers a line that is too long or no UTF-8, and goes on', async () => {
    const { input, finish } = serve(echoEras(), { lineLimit: 10 })
    input.write(`${'x'.repeat(11)}\n`)
    input.write(Uint8Array.of(0x22, 0xff, 0x22, 0x0a))
    input.write('{"a":1}\n')
    const lines = (await finish()).trim().split('\n')
    expect(lines.map((line) => JSON.parse(line))).toEqual([noId(-32700), noId(-32700), { a: 1 }])
  })

  it('takes what an input in text mode gives', async () => {
    const { input, finish } = serve(echoEras())
    input.setEncoding('utf8')
    input.write('"日本"\n')
    expect(await finish()).toBe('"日本"\n')
  })
})

describe('the end', () => {
  it('waits for work in flight', async () => {
    const eras = echoEras()
    const { input, finish } = serve(eras)
    eras.take = (text, wire) => {
      eras.isBusy = true
      setTimeout(() => {
        wire.send(text)
        eras.isBusy = false
      }, 50)
    }
    input.write('"late"\n')
    expect(await finish()).toBe('"late"\n')
  })

  it('waits no longer than it was given, then cancels', async () => {
    const eras = echoEras()
    eras.isBusy = true
    const { finish } = serve(eras, { drainMs: 50 })
    const start = performance.now()
    await finish()
    expect(performance.now() - start).toBeLessThan(1_000)
    expect(eras.closedBecause).toBeInstanceOf(Error)
  })

  it('comes when the client takes no output any more', async () => {
    const eras = echoEras()
    eras.isBusy = true
    const { output, served } = serve(eras)
    output.destroy(Object.assign(new Error('write EPIPE'), { code: 'EPIPE' }))
    await served
    expect(eras.closedBecause).toBeInstanceOf(Error)
  })

  it('comes when the input breaks', async () => {
    const { input, served } = serve(echoEras())
    input.destroy(new Error('read EIO'))
    await served
  })

  it('comes with a signal, given before or later', async () => {
    const abort = new AbortController()
    const later = serve(echoEras(), { signal: abort.signal })
    abort.abort()
    await later.served
    await serve(echoEras(), { signal: abort.signal }).served
  })

  it('leaves no listener behind', async () => {
    const { input, output, finish } = serve(echoEras())
    input.write('1\n')
    await finish()
    expect(input.listenerCount('data') + input.listenerCount('end')).toBe(0)
    expect(output.listenerCount('drain')).toBe(0)
  })
})

describe('a client that does not read', () => {
  /** An output that takes nothing until it is told to. */
  function stuck() {
    const waiting: (() => void)[] = []
    const output = new Writable({
      highWaterMark: 10,
      write: (_chunk, _encoding, done) => void waiting.push(done),
      writev: (_chunks, done) => void waiting.push(done),
    })
    const release = (): void => {
      for (const done of waiting.splice(0)) done()
    }
    return { output, release }
  }

  it('is read from only as fast as it reads', async () => {
    const eras = echoEras()
    const { output, release } = stuck()
    const input = new PassThrough()
    const served = serveStdio(eras, { input, output })
    input.write(`${JSON.stringify('x'.repeat(20))}\n`)
    await turn()
    input.write('"later"\n')
    await turn()
    expect(eras.lines).toHaveLength(1)
    release()
    await turn()
    expect(eras.lines).toHaveLength(2)
    release()
    input.end()
    await served
  })

  it('does not keep the end of the input from being seen', async () => {
    const { output } = stuck()
    const input = new PassThrough()
    const served = serveStdio(echoEras(), { input, output, drainMs: 100 })
    input.write(`${JSON.stringify('x'.repeat(20))}\n`)
    await turn()
    input.end('"later"\n')
    await served
  })

  it('counts as gone when too much waits', async () => {
    const eras = echoEras()
    const { output } = stuck()
    const sent = deferred()
    eras.take = (text, wire) => {
      for (let i = 0; i < 100; i++) wire.send(text)
      sent.resolve()
    }
    const input = new PassThrough()
    const served = serveStdio(eras, { input, output, outputLimit: 1000 })
    input.write(`${JSON.stringify('x'.repeat(50))}\n`)
    await sent.promise
    await served
    expect(output.writableLength).toBeLessThan(1200)
  })
})
