import { Client } from '@modelcontextprotocol/client'
import { describe, expect, it, vi } from 'vitest'
import { echoEras } from '../../tests/kit/echo-eras.ts'
import { FastMCP } from '../index.ts'
import { connectMemory, type MemoryTransport } from './memory.ts'

/** The messages that come, in order. */
function inbox(transport: ReturnType<typeof connectMemory>): unknown[] {
  const messages: unknown[] = []
  transport.onmessage = (message) => messages.push(message)
  return messages
}

describe('a memory transport', () => {
  it('serves the official client', async () => {
    const mcp = new FastMCP({ name: 'memory', version: '1.0.0' })
    mcp.tool('hello', { description: 'Greets' }, () => 'Hello')
    const client = new Client({ name: 'test', version: '1.0.0' })
    // The server hides the type of what `connectMemory` gave it.
    await client.connect(mcp['~connect']() as MemoryTransport)
    expect((await client.callTool({ name: 'hello' })).content).toEqual([{ type: 'text', text: 'Hello' }])
    await client.close()
  })

  it('delivers in order, later than the call that sends, and shares nothing', async () => {
    const eras = echoEras()
    const transport = connectMemory(eras)
    const messages = inbox(transport)
    await transport.start()
    const message = { jsonrpc: '2.0', method: 'a', params: { list: [1], left: undefined } }
    const sent = [transport.send(message), transport.send({ jsonrpc: '2.0', method: 'b' })]
    message.params.list.push(2)
    expect(eras.lines).toEqual([])
    await Promise.all(sent)
    await vi.waitFor(() => expect(messages).toHaveLength(2))
    expect(messages).toEqual([
      { jsonrpc: '2.0', method: 'a', params: { list: [1] } },
      { jsonrpc: '2.0', method: 'b' },
    ])
  })

  it('says who the client is', async () => {
    const eras = echoEras()
    await connectMemory(eras, { auth: { subject: 'ada' } }).start()
    await connectMemory(eras).start()
    expect(eras.wires.map((wire) => wire.auth?.subject)).toEqual(['ada', undefined])
  })

  it('closes once, at both ends, and delivers nothing afterwards', async () => {
    const eras = echoEras()
    const transport = connectMemory(eras)
    const messages = inbox(transport)
    transport.onclose = vi.fn()
    await transport.start()
    const sent = transport.send({ jsonrpc: '2.0', method: 'a' })
    await transport.close()
    await transport.close()
    await sent
    eras.wires[0]?.send('{}')
    await Promise.resolve()
    expect(transport.onclose).toHaveBeenCalledTimes(1)
    expect(eras.closedBecause).toBeInstanceOf(Error)
    expect(messages).toEqual([])
    await expect(transport.send({})).rejects.toThrow(/not open/)
    await expect(transport.start()).rejects.toThrow(/only once/)
  })

  it('hands a failing onmessage to onerror', async () => {
    const transport = connectMemory(echoEras())
    const failed = vi.fn()
    transport.onmessage = () => {
      throw new Error('mine')
    }
    transport.onerror = failed
    await transport.start()
    await transport.send({ jsonrpc: '2.0', method: 'a' })
    await vi.waitFor(() => expect(failed).toHaveBeenCalledWith(expect.objectContaining({ message: 'mine' })))
  })
})
