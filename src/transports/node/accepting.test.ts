import { once } from 'node:events'
import { createServer, type Server } from 'node:http'
import { type AddressInfo, connect } from 'node:net'
import { afterEach, expect, it, vi } from 'vitest'
import { Acceptor } from './accepting.ts'

const servers: Server[] = []
afterEach(() => {
  vi.useRealTimers()
  for (const server of servers.splice(0)) server.close().closeAllConnections()
})

async function accepting() {
  const told: string[] = []
  const server = createServer((_, response) => response.end('served'))
  servers.push(server)
  await once(server.listen(0, '127.0.0.1'), 'listening')
  const { port } = server.address() as AddressInfo
  const acceptor = new Acceptor(server, { host: '127.0.0.1', port, report: ({ message }) => told.push(message) })
  // Only the pauses are timed by the test: sockets need their own clock.
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'performance'] })
  const fail = (code: string) => server.emit('error', Object.assign(new Error(`accept ${code}`), { code }))
  return { server, port, acceptor, told, fail }
}

it.each(['EMFILE', 'ENFILE', 'ENOMEM', 'ENOBUFS'])('lives through %s: pauses, and listens again', async (code) => {
  const { server, port, told, fail } = await accepting()
  fail(code)
  expect(server.listening).toBe(false)
  vi.advanceTimersByTime(100)
  await once(server, 'listening')
  expect((server.address() as AddressInfo).port).toBe(port)
  expect(await (await fetch(`http://127.0.0.1:${port}/`)).text()).toBe('served')
  expect(told).toEqual([expect.stringContaining(`No connection can be accepted (${code}): trying again in 100 ms`)])
})

it('pauses longer each time that it goes on, told once a pause', async () => {
  const { server, told, fail } = await accepting()
  for (const pause of [100, 200, 400, 800, 1_600, 3_200, 5_000, 5_000]) {
    for (let i = 0; i < 10; i++) fail('EMFILE')
    vi.advanceTimersByTime(pause - 1)
    expect(server.listening).toBe(false)
    vi.advanceTimersByTime(1)
    await once(server, 'listening')
  }
  expect(told.length).toBe(8)
  vi.advanceTimersByTime(31_000)
  fail('EMFILE')
  expect(told.at(-1)).toContain('100 ms')
})

it('does not take a connection with it that is at work', async () => {
  const { server, port, fail } = await accepting()
  const socket = connect(port, '127.0.0.1')
  socket.write('GET / HTTP/1.1\r\nHost: x\r\n')
  await once(server, 'connection')
  fail('EMFILE')
  socket.write('\r\n')
  const [answer] = await once(socket, 'data')
  expect(String(answer)).toContain('200 OK')
  socket.destroy()
})

it('is closed when it is closed, and not while it pauses', async () => {
  const { server, acceptor, fail } = await accepting()
  let isClosed = false
  acceptor.closed.then(() => {
    isClosed = true
  })
  fail('EMFILE')
  await once(server, 'close')
  await null
  expect(isClosed).toBe(false)
  acceptor.stop()
  server.close()
  await acceptor.closed
  vi.advanceTimersByTime(60_000)
  expect(server.listening).toBe(false)
})
