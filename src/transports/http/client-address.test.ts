import { describe, expect, it } from 'vitest'
import { clientKey, trustIn } from './client-address.ts'

const NOBODY = trustIn([])
const PROXIES = trustIn(['10.0.0.0/8', '192.0.2.7', 'fd00::/8'])

describe('the key of a caller without a name', () => {
  it('is its address, or its network where one subscriber has as many addresses as they like', () => {
    expect(clientKey('198.51.100.7', undefined, NOBODY)).toBe('198.51.100.7')
    expect(clientKey('::ffff:198.51.100.7', undefined, NOBODY)).toBe('198.51.100.7')
    expect(clientKey('2001:db8:1:2:aaaa::1', undefined, NOBODY)).toBe('2001:db8:1:2::/64')
    expect(clientKey('2001:db8:1:2:bbbb::9%eth0', undefined, NOBODY)).toBe('2001:db8:1:2::/64')
    expect(clientKey('2001:db8:1:3::1', undefined, NOBODY)).toBe('2001:db8:1:3::/64')
  })

  it.each([undefined, '', 'a pipe', '999.1.1.1'])('is empty where nobody knows: %s', (peer) => {
    expect(clientKey(peer, '198.51.100.7', PROXIES)).toBe('')
  })

  it('is not what strangers forward', () => {
    expect(clientKey('203.0.113.5', '198.51.100.7', PROXIES)).toBe('203.0.113.5')
    expect(clientKey('10.1.1.1', '198.51.100.7', NOBODY)).toBe('10.1.1.1')
  })

  it.each([
    ['10.1.1.1', '198.51.100.7', '198.51.100.7'],
    ['::ffff:10.1.1.1', '198.51.100.7:5123', '198.51.100.7'],
    ['192.0.2.7', '[2001:db8::1]:443', '2001:db8:0:0::/64'],
    ['fd12::1', '2001:db8::1', '2001:db8:0:0::/64'],
    // What the client itself wrote stands first, and is not read.
    ['10.1.1.1', '1.1.1.1, 198.51.100.7, 10.2.2.2', '198.51.100.7'],
    ['10.1.1.1', '1.1.1.1, 10.3.3.3', '1.1.1.1'],
    ['10.1.1.1', 'nonsense', '10.1.1.1'],
    ['10.1.1.1', '198.51.100.7, unknown, 10.2.2.2', '10.2.2.2'],
    ['10.1.1.1', '', '10.1.1.1'],
  ])('is what trusted proxies forward: %s, %s', (peer, forwarded, key) => {
    expect(clientKey(peer, forwarded, PROXIES)).toBe(key)
  })

  it('is found at once in a header as long as a header can be', () => {
    const began = performance.now()
    expect(clientKey('10.1.1.1', '10.1.1.1,'.repeat(20_000), PROXIES)).toBe('10.1.1.1')
    expect(clientKey('10.1.1.1', `${'['.repeat(16_000)}`, PROXIES)).toBe('10.1.1.1')
    expect(performance.now() - began).toBeLessThan(200)
  })
})

it.each(['10.0.0.0/33', 'fd00::/129', '10.0.0', 'proxy.example.com', '10.0.0.0/8/8', '10.0.0.0/', '', '10.0.0.0/-1'])(
  'says that "%s" is no proxy',
  (entry) => {
    expect(() => trustIn(['10.0.0.1', entry])).toThrow(`trustProxy: "${entry}" is neither an address nor a network`)
  },
)
