import { spawn } from 'node:child_process'
import process from 'node:process'

/** What can be said of an address before anybody goes there. */
export interface Visit {
  /** The address as a browser will take it, with nothing hidden in it. */
  readonly href: string
  readonly host: string
  /** What a person should know before saying yes. */
  readonly warnings: readonly string[]
}

/** Judges an address; words of refusal for one that nobody should open. */
export function judgeAddress(address: string): Visit | string {
  if (!URL.canParse(address)) return 'it is no address'
  const url = new URL(address)
  if (url.protocol !== 'https:' && url.protocol !== 'http:')
    return `a browser would take ${url.protocol} for something else than a page`
  const { hostname } = url
  const warnings = [
    ...(/(^|\.)xn--/.test(hostname)
      ? [
          `The name of the host holds letters of other alphabets, which can look like those of a name you know: ${hostname}`,
        ]
      : []),
    ...(url.username || url.password ? ['The part before the @ is not the host: it only looks like one'] : []),
    ...(url.protocol === 'http:' && !isLoopback(hostname) ? ['The connection is not encrypted'] : []),
  ]
  return { href: url.href, host: url.host, warnings }
}

function isLoopback(hostname: string): boolean {
  return hostname === 'localhost' || hostname === '[::1]' || /^127\.\d+\.\d+\.\d+$/.test(hostname)
}

/** The program that opens an address in the browser, by platform. No shell sees the address. */
export function openerOf(platform: NodeJS.Platform): readonly [command: string, ...args: readonly string[]] {
  if (platform === 'darwin') return ['open']
  return platform === 'win32' ? ['rundll32', 'url.dll,FileProtocolHandler'] : ['xdg-open']
}

/** Opens an address in the user's browser; rejects when there is nothing to open it with. */
export function openInBrowser(href: string): Promise<void> {
  const [command, ...args] = openerOf(process.platform)
  return new Promise((resolve, reject) => {
    const child = spawn(command, [...args, href], { stdio: 'ignore', detached: true, shell: false })
    child.once('error', reject)
    child.once('spawn', () => {
      child.unref()
      resolve()
    })
  })
}
