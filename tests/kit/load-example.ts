import type { FastMCP } from '@fastmcp/ts'
import { vi } from 'vitest'

let loads = 0

/** Loads an example anew, as a process with these variables would: it alone, so that all share one copy of the library. */
export async function loadExample(url: URL, variables: Readonly<Record<string, string>>): Promise<FastMCP> {
  for (const [name, value] of Object.entries(variables)) vi.stubEnv(name, value)
  const { mcp } = await import(/* @vite-ignore */ `${url.href}?load=${loads++}`)
  return mcp
}
