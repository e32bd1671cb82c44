import { BlockList, isIPv4 } from 'node:net'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { specialUseOf } from './address-class.ts'

describe('addresses of the public internet', () => {
  it.each(['1.1.1.1', '8.8.8.8', '93.184.215.14', '172.15.255.255', '172.32.0.0', '100.63.255.255', '100.128.0.0'])(
    '%s',
    (address) => expect(specialUseOf(address)).toBeUndefined(),
  )
  it.each([
    '198.17.255.255',
    '198.20.0.0',
    '223.255.255.255',
    '168.63.129.15',
    '2606:4700::1111',
    '2a00:1450:4001::200e',
  ])('%s', (address) => expect(specialUseOf(address)).toBeUndefined())
  it.each(['::ffff:8.8.8.8', '::ffff:808:808', '64:ff9b::8.8.8.8', '2001:200::1', '2003::1', '3ffe::1'])(
    '%s',
    (address) => expect(specialUseOf(address)).toBeUndefined(),
  )
})

describe('addresses of everything else', () => {
  it.each([
    ['127.0.0.1', 'this machine'],
    ['127.255.255.255', 'this machine'],
    ['0.0.0.0', 'this machine'],
    ['0.1.2.3', 'this machine'],
    ['::1', 'this machine'],
    ['10.0.0.1', 'a private network'],
    ['172.16.0.1', 'a private network'],
    ['172.31.255.255', 'a private network'],
    ['192.168.1.1', 'a private network'],
    ['fc00::1', 'a private network'],
    ['fd12:3456::1', 'a private network'],
    ['100.64.0.1', 'a network shared by subscribers'],
    ['192.0.0.8', 'for protocols'],
    ['192.88.99.1', 'for protocols'],
    ['198.18.0.1', 'for benchmarks'],
    ['198.19.255.255', 'for benchmarks'],
    ['192.0.2.1', 'for documentation'],
    ['198.51.100.1', 'for documentation'],
    ['203.0.113.1', 'for documentation'],
    ['2001:db8::1', 'for documentation'],
    ['3fff::1', 'for documentation'],
    ['224.0.0.1', 'for many receivers, or reserved'],
    ['239.255.255.255', 'for many receivers, or reserved'],
    ['240.0.0.1', 'for many receivers, or reserved'],
    ['255.255.255.255', 'for many receivers, or reserved'],
    ['ff02::1', 'for many receivers, or reserved'],
    ['::', 'for many receivers, or reserved'],
    ['100::1', 'for many receivers, or reserved'],
    ['5f00::1', 'for many receivers, or reserved'],
    ['fec0::1', 'for many receivers, or reserved'],
    ['2001:2::1', 'for protocols'],
    ['2001:20::1', 'for protocols'],
  ])('%s is %s', (address, use) => expect(specialUseOf(address)).toBe(use))

  it.each([
    ['AWS, GCP, Azure', '169.254.169.254'],
    ['AWS containers', '169.254.170.2'],
    ['AWS by IPv6', 'fd00:ec2::254'],
    ['GCP by IPv6', 'fd20:ce::254'],
    ['Azure, the host', '168.63.129.16'],
    ['Alibaba', '100.100.100.200'],
    ['Oracle', '192.0.0.192'],
  ])('the metadata of %s', (_, address) => expect(specialUseOf(address)).toBeDefined())

  it.each([
    ['mapped', '::ffff:169.254.169.254'],
    ['mapped, in hexadecimals', '::ffff:a9fe:a9fe'],
    ['compatible', '::169.254.169.254'],
    ['translated', '::ffff:0:169.254.169.254'],
    ['NAT64', '64:ff9b::169.254.169.254'],
    ['NAT64 of one network', '64:ff9b:1::8.8.8.8'],
    ['6to4', '2002:a9fe:a9fe::1'],
    ['6to4, of a public address too', '2002:808:808::1'],
    ['Teredo', '2001:0:4136:e378:8000:63bf:3fff:fdd2'],
    ['ISATAP', 'fe80::5efe:a9fe:a9fe'],
    ['ISATAP in a public network', '2606:4700::5efe:10.0.0.1'],
    ['ISATAP with a public address', '2606:4700::200:5efe:8.8.8.8'],
    ['a zone', 'fe80::1%eth0'],
  ])('one of IPv4 as %s', (_, address) => expect(specialUseOf(address)).toBeDefined())

  it.each([
    '',
    'localhost',
    '1.2.3',
    '1.2.3.4.5',
    '0x7f.0.0.1',
    '010.0.0.1',
    '1.2.3.4 ',
    '::g',
    '1::2::3',
    '8.8.8.8%a',
  ])('%j is none at all', (address) => expect(specialUseOf(address)).toBe('no address'))
})

/** The registries as they stand, with what is not globally reachable by their word, read by another library. */
function registries(): BlockList {
  const list = new BlockList()
  const v4 = `0.0.0.0/8 10.0.0.0/8 100.64.0.0/10 127.0.0.0/8 169.254.0.0/16 172.16.0.0/12 192.0.0.0/24 192.0.2.0/24
    192.88.99.0/24 192.168.0.0/16 198.18.0.0/15 198.51.100.0/24 203.0.113.0/24 224.0.0.0/4 240.0.0.0/4`
  const v6 = `::1/128 ::/128 64:ff9b:1::/48 100::/64 100:0:0:1::/64 2001::/23 2001:db8::/32 2002::/16 3fff::/20 5f00::/16
    fc00::/7 fe80::/10 ff00::/8`
  for (const [text, family] of [
    [v4, 'ipv4'],
    [v6, 'ipv6'],
  ] as const) {
    for (const network of text.split(/\s+/)) {
      const [address = '', bits] = network.split('/')
      list.addSubnet(address, Number(bits), family)
    }
  }
  return list
}

describe('any address', () => {
  const list = registries()
  const near = fc.constantFrom(
    '10',
    '100',
    '127',
    '169',
    '172',
    '192',
    '198',
    '203',
    '224',
    '0',
    '2001',
    '2002',
    '3fff',
  )
  const v4 = fc.oneof(
    fc.ipV4(),
    fc
      .tuple(near, fc.ipV4())
      .map(([first, ip]) => ip.replace(/^\d+/, first))
      .filter(isIPv4),
  )
  const v6 = fc.tuple(
    fc.oneof(near, fc.constantFrom('fe80', 'fd00', 'ff02', '64:ff9b:1', '100', '2620')),
    fc.nat(0xffff),
  )

  it('of a special-purpose registry is none of the public internet', () => {
    fc.assert(
      fc.property(v4, (ip) => {
        if (list.check(ip, 'ipv4')) expect(specialUseOf(ip)).toBeDefined()
      }),
      { numRuns: 500 },
    )
    fc.assert(
      fc.property(v6, ([start, end]) => {
        const ip = `${start}::${end.toString(16)}`
        if (list.check(ip, 'ipv6')) expect(specialUseOf(ip)).toBeDefined()
      }),
      { numRuns: 500 },
    )
  })
})
