import { BlockList, isIP } from 'node:net'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { type Ip, ipText, isAlike, parseIp } from './ip.ts'

const part = fc.stringMatching(/^[0-9a-fA-F.:]{0,12}$/)
const almost = fc.oneof(
  fc.ipV6(),
  fc.ipV4(),
  fc.ipV4Extended(),
  fc.tuple(fc.ipV6(), part).map(([ip, tail]) => ip + tail),
  fc.array(part, { maxLength: 9 }).map((parts) => parts.join(':')),
  fc.string().filter((text) => !text.includes('%')),
)

describe('addresses', () => {
  it('are what Node takes for one, and nothing else', () => {
    fc.assert(
      fc.property(almost, (text) => {
        expect(parseIp(text) !== undefined).toBe(isIP(text) !== 0 && text.length <= 64)
      }),
      { numRuns: 2_000 },
    )
  })

  it.each([
    ['127.0.0.1', '127.0.0.1'],
    ['::ffff:10.1.2.3', '10.1.2.3'],
    ['::FFFF:0a01:0203', '10.1.2.3'],
    ['::1', '0:0:0:0:0:0:0:1'],
    ['2001:db8::1%eth0', '2001:db8:0:0:0:0:0:1'],
    ['fe80::1%1', 'fe80:0:0:0:0:0:0:1'],
    ['1:2:3:4:5:6:7::', '1:2:3:4:5:6:7:0'],
  ])('have one text whatever their spelling: %s', (spelling, text) => {
    expect(ipText(parseIp(spelling) as Ip)).toBe(text)
  })

  it.each(['127.0.0.1%eth0', '::1%', '::1%a%b', '::1%eth/0', '%eth0'])(
    'are not what has a zone and should not: %s',
    (text) => {
      expect(parseIp(text)).toBeUndefined()
    },
  )

  it('are alike in their first bits, as Node sees it', () => {
    fc.assert(
      fc.property(fc.ipV6(), fc.ipV6(), fc.integer({ min: 1, max: 128 }), (one, other, bits) => {
        const list = new BlockList()
        list.addSubnet(one, bits, 'ipv6')
        expect(isAlike(parseIp(one) as Ip, parseIp(other) as Ip, bits)).toBe(list.check(other, 'ipv6'))
      }),
    )
  })
})
