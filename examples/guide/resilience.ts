import { setTimeout as sleep } from 'node:timers/promises'
import { FastMCP, ToolError } from '@fastmcp/ts'
import { rateLimiter, timeout, ttlCache } from '@fastmcp/ts/resilience'
import { createMemoryStorage } from '@fastmcp/ts/storage'
import { z } from 'zod'

export const mcp = new FastMCP({ name: 'resilient', version: '1.0.0' })

/** Stands for a search that takes its time. */
async function search(signal: AbortSignal): Promise<string> {
  await sleep(60_000, undefined, { signal })
  return 'found'
}

mcp.tool('search', { description: 'Searches, for a tenth of a second' }, async (_, ctx) => {
  // #region timeout
  const found = await timeout((signal) => search(signal), 100, { signal: ctx.signal })
  // #endregion
  return found
})

const storage = createMemoryStorage()

// #region shared
const mails = rateLimiter({ limit: 3, per: 3_600_000, storage, name: 'mails' })
// #endregion

mcp.tool('send_mail', { description: 'Sends a mail', input: z.object({ to: z.email() }) }, async ({ to }) => {
  // #region key
  const permit = await mails.take(to) // three an hour to each address
  // #endregion
  if (!permit.allowed) throw new ToolError('RATE_LIMITED', `${to} has had enough for now`)
  return 'sent'
})

interface Page {
  readonly text: string
  readonly maxAgeMs: number
}

const PAGES: Readonly<Record<string, Page>> = {
  '/news': { text: 'News', maxAgeMs: 0 },
  '/about': { text: 'About', maxAgeMs: 1e18 },
}

// #region told
const pages = ttlCache<Page>({ ttl: 60_000, max: 500, maxBytes: 8_000_000 })

mcp.resource('page://site{/path}', { description: 'A page' }, async ({ path }) => {
  const { value } = await pages.getOrLoad(path, () => load(path), { ttl: (page) => page.maxAgeMs })
  return value.text
})
// #endregion

/** The paths that were loaded, in order. */
export const loaded: string[] = []

async function load(path: string): Promise<Page> {
  loaded.push(path)
  return PAGES[`/${path}`] ?? { text: 'Nothing here', maxAgeMs: 1_000 }
}
