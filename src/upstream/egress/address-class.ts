import { type Ip, isAlike, parseIp } from '../../protocol/ip.ts'

/**
 * What is no address of the public internet, of all that the IANA IPv4 and IPv6 Special-Purpose Address Registries list
 * (RFC 6890) and what clouds use for themselves. Blocks that are global by the letter and serve protocols, not hosts, are
 * in here too.
 */
const SPECIAL: readonly (readonly [use: string, ...networks: string[]])[] = [
  ['this machine', '127.0.0.0/8', '0.0.0.0/8'],
  ['a private network', '10.0.0.0/8', '172.16.0.0/12', '192.168.0.0/16'],
  ['a network shared by subscribers', '100.64.0.0/10'],
  ['one link, or the metadata of a cloud', '169.254.0.0/16', '168.63.129.16/32'],
  ['for protocols', '192.0.0.0/24', '192.31.196.0/24', '192.52.193.0/24', '192.88.99.0/24', '192.175.48.0/24'],
  ['for benchmarks', '198.18.0.0/15'],
  ['for documentation', '192.0.2.0/24', '198.51.100.0/24', '203.0.113.0/24', '2001:db8::/32', '3fff::/20'],
  ['for many receivers, or reserved', '224.0.0.0/4', '240.0.0.0/4'],
  ['for protocols', '2001::/23', '2620:4f:8000::/48'],
  ['a tunnel', '2002::/16'],
]

/** Of IPv6, only these are handed out to hosts of the internet: nothing else needs to be known of what is reserved. */
const GLOBAL_UNICAST = networkOf('2000::/3')
const NAT64 = networkOf('64:ff9b::/96')
const LOOPBACK = networkOf('::1/128')
const UNIQUE_LOCAL = networkOf('fc00::/7')
const LINK_LOCAL = networkOf('fe80::/10')
const MAPPED = networkOf('::ffff:0:0/96')

const NETWORKS: readonly (readonly [use: string, network: Network])[] = SPECIAL.flatMap(([use, ...networks]) =>
  networks.map((network) => [use, networkOf(network)] as const),
)

/** What an address is for if it is not a host of the public internet, in words; undefined: it is one. Never throws. */
export function specialUseOf(address: string): string | undefined {
  const ip = parseIp(address)
  return ip === undefined ? 'no address' : useOf(ip)
}

function useOf(ip: Ip): string | undefined {
  // What the gateway makes of it counts.
  if (isIn(ip, NAT64)) return useOf([...MAPPED.address.slice(0, 6), ...ip.slice(6)])
  const special = NETWORKS.find(([, network]) => isIn(ip, network))
  if (special !== undefined) return special[0]
  if (isIn(ip, MAPPED)) return undefined
  if (!isIn(ip, GLOBAL_UNICAST)) return wordsFor(ip)
  return isIsatap(ip) ? 'a tunnel' : undefined
}

function wordsFor(ip: Ip): string {
  if (isIn(ip, LOOPBACK)) return 'this machine'
  if (isIn(ip, UNIQUE_LOCAL)) return 'a private network'
  return isIn(ip, LINK_LOCAL) ? 'one link, or the metadata of a cloud' : 'for many receivers, or reserved'
}

/** Holds an address of IPv4 behind `0000:5efe` or `0200:5efe`, in any network (RFC 5214, 6.1). */
function isIsatap(ip: Ip): boolean {
  return ip[5] === 0x5efe && (ip[4] === 0 || ip[4] === 0x0200)
}

interface Network {
  readonly address: Ip
  readonly bits: number
}

function networkOf(text: string): Network {
  const [address = '', bits] = text.split('/')
  return { address: parseIp(address) ?? [], bits: Number(bits) + (address.includes(':') ? 0 : 96) }
}

function isIn(ip: Ip, { address, bits }: Network): boolean {
  return isAlike(ip, address, bits)
}
