import { expect, it } from 'vitest'
import { Blocks } from './blocks.ts'

const KIB = 1024

it('keeps what is large as it is, and puts what is small together, in order', () => {
  const blocks = new Blocks()
  const large = new Uint8Array(40 * KIB).fill(7)
  blocks.add(new Uint8Array([1, 2]))
  blocks.add(new Uint8Array([3]))
  blocks.add(large)
  blocks.add(new Uint8Array([4]))
  blocks.add(new Uint8Array())
  const taken = blocks.take()
  expect(taken).toEqual([new Uint8Array([1, 2, 3]), large, new Uint8Array([4])])
  expect(taken[1]).toBe(large)
  expect(blocks.take()).toEqual([])
})

it('CL-01: a million single bytes become few objects', () => {
  const blocks = new Blocks()
  for (let n = 0; n < 1_000_000; n++) blocks.add(new Uint8Array([n % 256]))
  const taken = blocks.take()
  expect(taken).toHaveLength(16)
  const whole = Buffer.concat(taken)
  expect([whole.length, whole[65_536], whole[999_999]]).toEqual([1_000_000, 65_536 % 256, 999_999 % 256])
})
