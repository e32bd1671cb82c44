// #region serve

import { type Extension, FastMCP, link, method } from '@fastmcp/ts'
import { z } from 'zod'

// #endregion

import { type Client, connect, type Target } from '@fastmcp/ts/client'

// #region serve
const reports: Extension = {
  id: 'com.example/reports',
  settings: { formats: ['pdf', 'html'] },
  methods: {
    'reports/render': method(
      { params: z.object({ id: z.string() }), nameFrom: 'id', cache: { ttlMs: 60_000 } },
      async ({ id }, ctx) => ({ url: await render(id, ctx.signal) }),
    ),
  },
  aroundTools: async (call, next) => {
    const result = await next()
    return { ...result, content: [...result.content, link('report://last', { name: call.params.name })] }
  },
  async start({ report }) {
    const printer = await openPrinter({ onError: report })
    return () => printer.close()
  },
}

export const mcp = new FastMCP({ name: 'press', version: '1.0.0' }).extend(reports)
// #endregion

mcp.tool('print', { description: 'Prints' }, () => 'printed')

async function render(id: string, signal: AbortSignal): Promise<string> {
  signal.throwIfAborted()
  return `https://example.com/reports/${id}.pdf`
}

/** How many printers are open. */
export const printers = { open: 0 }

async function openPrinter(_: { readonly onError: (problem: Error) => void }) {
  printers.open++
  return {
    close: async () => {
      printers.open--
    },
  }
}

export async function renderOne(server: Target & { readonly mcpServers?: never }) {
  // #region use
  await using client = await connect(server, {
    extensions: { 'com.example/reports': {} },
    nameHeaders: { 'reports/render': 'id' },
  })
  const { formats } = client.capabilities.extensions?.['com.example/reports'] ?? {}
  const { url } = await client.request<{ url: string }>('reports/render', { id: 'q3' })
  // #endregion
  return { client: client satisfies Client, formats, url }
}
