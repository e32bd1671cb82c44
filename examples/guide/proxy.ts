// #region mount

import { proxy } from '@fastmcp/ts/proxy'

// #endregion

import { FastMCP, hide, pipe, rename } from '@fastmcp/ts'
import type { ProxyTarget } from '@fastmcp/ts/proxy'

// #region pins

import { connect, type Target } from '@fastmcp/ts/client'
import { definitionHash } from '@fastmcp/ts/proxy'

// #endregion

/** A server with others behind it: `tickets` and `billing` are where they are. */
export function createServer(tickets: ProxyTarget, billing: ProxyTarget): FastMCP {
  const mcp = new FastMCP({ name: 'desk', version: '1.0.0' })

  // #region mount
  mcp.mount('tickets', proxy(tickets)) // 'https://example.com/mcp', { command: 'tickets-mcp', args: ['--all'] }, another FastMCP
  // #endregion

  // #region transforms
  mcp.mount('billing', pipe(proxy(billing), hide({ names: ['delete_*'] }), rename({ create_invoice: 'bill' })))
  // #endregion
  return mcp
}

/** The servers of a config file. */
export function createHub(url: string): FastMCP {
  const mcp = new FastMCP({ name: 'hub', version: '1.0.0' })
  // #region config
  mcp.mount(
    proxy({
      mcpServers: {
        tickets: {
          url,
          headers: { 'x-team': 'blue' },
          tools: { open_ticket: { description: 'Opens a ticket for our team' } },
        },
        files: { command: 'files-mcp', args: ['/data'], excludeTags: ['admin'] },
      },
    }),
  )
  // #endregion
  return mcp
}

/** What goes along with requests. */
export function createForEach(url: string, tokenFor: (subject: string) => Promise<string>): FastMCP {
  const mcp = new FastMCP({ name: 'each', version: '1.0.0' })
  // #region headers
  mcp.mount(
    proxy(url, {
      headers: { 'x-team': 'blue' }, // with every request
      forwardHeaders: ['x-tenant'], // of the caller's own, these and no others
      headersFor: async (auth): Promise<Record<string, string>> => {
        if (auth === undefined) return {}
        return { authorization: `Bearer ${await tokenFor(auth.subject)}` } // a token of theirs for that server
      },
    }),
  )
  // #endregion
  return mcp
}

// #region pins
/** Once, after a look at what they say: what to keep. */
export async function approve(target: Target): Promise<Record<string, string>> {
  await using client = await connect(target)
  const pairs = (await client.tools()).map(async (tool) => [tool.name, await definitionHash(tool)] as const)
  return Object.fromEntries(await Promise.all(pairs))
}
// #endregion

/** A server behind that is held to what was approved. */
export function createPinned(tickets: ProxyTarget, hashes: Readonly<Record<string, string>>): FastMCP {
  const mcp = new FastMCP({ name: 'pinned', version: '1.0.0' })
  // #region pins

  mcp.mount(proxy(tickets, { pins: { hashes } })) // { hashes, onChange: 'flag' } serves what has changed, and reports it
  // #endregion
  return mcp
}
