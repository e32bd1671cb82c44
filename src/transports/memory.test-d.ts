import type { Transport } from '@modelcontextprotocol/client'
import { expectTypeOf, it } from 'vitest'
import type { MemoryTransport } from './memory.ts'

it('is a transport of the official client', () => {
  expectTypeOf<MemoryTransport>().toExtend<Transport>()
})
