import { FastMCPError } from '../../protocol/errors.ts'
import { type Ip, ipText, isAlike, isIpv4, parseIp } from '../../protocol/ip.ts'

/** Proxies whose word counts, made ready once. */
export type Trust = (ip: Ip) => boolean

const MAPPED_BITS = 96
const NETWORK_BITS = 64
/** More proxies in a row than anybody has. */
const MOST_HOPS = 32

/** Reads addresses and networks such as `10.0.0.7`, `10.0.0.0/8` and `fd00::/8`. Throws for what is none. */
export function trustIn(proxies: readonly string[]): Trust {
  const networks = proxies.map(readNetwork)
  return (ip) => networks.some(({ address, bits }) => isAlike(address, ip, bits))
}

/**
 * Where a request comes from, as a key: the address of IPv4, or of IPv6 the network of 64 bits, within which one
 * subscriber has every address. `X-Forwarded-For` is read from its end, and no further than proxies are trusted:
 * what stands before that may be made up. Empty where nothing is known.
 */
export function clientKey(peer: string | undefined, forwarded: string | undefined, isTrusted: Trust): string {
  let ip = parseIp(peer ?? '')
  if (ip === undefined) return ''
  const hops = forwarded === undefined || !isTrusted(ip) ? [] : forwarded.split(',').slice(-MOST_HOPS).reverse()
  for (const hop of hops) {
    const next = parseIp(withoutPort(hop.trim()))
    if (next === undefined) break
    ip = next
    if (!isTrusted(ip)) break
  }
  return isIpv4(ip) ? ipText(ip) : `${ipText(ip.slice(0, NETWORK_BITS / 16))}::/${NETWORK_BITS}`
}

/** Some proxies tell the port too. */
function withoutPort(hop: string): string {
  const [, inBrackets] = /^\[([^\]]*)\](?::\d{1,5})?$/.exec(hop) ?? []
  return inBrackets ?? hop.replace(/^([\d.]+):\d{1,5}$/, '$1')
}

interface Network {
  readonly address: Ip
  readonly bits: number
}

function readNetwork(entry: string): Network {
  const [text = '', length, ...rest] = entry.split('/')
  const address = parseIp(text)
  const isWide = text.includes(':')
  const most = isWide ? 128 : 32
  const bits = length === undefined ? most : /^\d{1,3}$/.test(length) ? Number(length) : Number.NaN
  if (address === undefined || rest.length > 0 || !(bits <= most)) {
    const words = `trustProxy: "${entry}" is neither an address nor a network such as "10.0.0.0/8" or "fd00::/8"`
    throw new FastMCPError('SETTING', words)
  }
  return { address, bits: isWide ? bits : MAPPED_BITS + bits }
}
