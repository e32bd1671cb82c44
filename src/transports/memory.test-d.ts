import type { Transport } from '@modelcontextprotocol/client'
import { expectTypeOf, it } from 'vitest'
import type { Loopback } from '../protocol/loopback.ts'
import type { MemoryTransport } from './memory.ts'

it('is a transport of the official client, and the loopback of ours', () => {
  expectTypeOf<MemoryTransport>().toExtend<Transport>()
  expectTypeOf<MemoryTransport>().toExtend<Loopback>()
})
