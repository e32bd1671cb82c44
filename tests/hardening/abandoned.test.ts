import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { expect, it } from 'vitest'
import type { Reply } from '../../src/eras/exchange.ts'
import { initializing, serve, Visit } from '../kit/stateful.ts'
import { receivedOf, TestExchange, text } from '../kit/stateless.ts'

setFlagsFromString('--expose-gc')
const collect: () => void = runInNewContext('gc')
const MIB = 1024 * 1024
const CALL = receivedOf({ jsonrpc: '2.0', id: 1, method: 'tools/call', params: { name: 'talk' } })

it('SES-07: 100,000 sessions that nobody ends, each with a stream to come back to, keep memory flat', async () => {
  const words = 'x'.repeat(2_000)
  const { app, era } = serve({
    run: {
      'tools/call': ({ context }) => {
        context.log.info(words)
        return text('done')
      },
    },
  })
  const accept: [string, string] = ['accept', 'application/json, text/event-stream']
  const abandon = async (): Promise<void> => {
    const greeting = new TestExchange('', new Map([accept]))
    const { headers } = (await era.exchange(new Visit('POST', greeting), receivedOf(initializing()))) as Reply
    const call = new TestExchange('', new Map([accept, ['mcp-session-id', headers?.['mcp-session-id'] ?? '']]))
    await era.exchange(new Visit('POST', call), CALL)
    call.hangUp()
    app.calls.length = 0 // which would keep them all
  }
  const heap = async (sessions: number): Promise<number> => {
    for (let i = 0; i < sessions; i++) await abandon()
    collect()
    return process.memoryUsage().heapUsed
  }

  const full = await heap(12_000)
  const after = await heap(88_000)
  expect(after - full).toBeLessThan(8 * MIB)
  era.close()
  collect()
  expect(process.memoryUsage().heapUsed).toBeLessThan(full - 10_000 * words.length)
})
