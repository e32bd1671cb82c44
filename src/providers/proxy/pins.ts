import { canonical } from '../../engine/canonical.ts'
import type { ToolDefinition } from '../../protocol/definitions.ts'

/** Holds tools of a server elsewhere to what somebody has approved. */
export interface PinOptions {
  /** The approved hash of each tool by its name, as `definitionHash` gives it. Tools without one are not approved. */
  readonly hashes: Readonly<Record<string, string>>
  /** What becomes of a tool that is not as approved: it is left out (`refuse`, the default), or served and told of (`flag`). */
  readonly onChange?: 'refuse' | 'flag'
}

/**
 * The hash of everything that a model sees of a tool: keep it when you approve the tool, to notice when it changes.
 *
 * @example
 * const hashes = Object.fromEntries(await Promise.all(tools.map(async (tool) => [tool.name, await definitionHash(tool)])))
 * mcp.mount('github', proxy(url, { pins: { hashes } }))
 */
export async function definitionHash(tool: ToolDefinition): Promise<string> {
  const { name, title, description, inputSchema, outputSchema, annotations } = tool
  const seen = JSON.parse(JSON.stringify({ name, title, description, inputSchema, outputSchema, annotations }))
  const digest = await crypto.subtle.digest('SHA-256', new TextEncoder().encode(canonical(seen)))
  return `sha256-${Array.from(new Uint8Array(digest), (byte) => byte.toString(16).padStart(2, '0')).join('')}`
}

/** Leaves out, or tells of, what is not as approved. */
export async function checkPins(
  tools: readonly ToolDefinition[],
  pins: PinOptions,
  report: (problem: Error) => void,
): Promise<readonly ToolDefinition[]> {
  const checked = await Promise.all(tools.map(async (tool) => ({ tool, hash: await definitionHash(tool) })))
  return checked.flatMap(({ tool, hash }) => {
    const approved = Object.hasOwn(pins.hashes, tool.name) ? pins.hashes[tool.name] : undefined
    if (approved === hash) return [tool]
    const words = approved === undefined ? 'was never approved' : 'is not what was approved'
    const fate = pins.onChange === 'flag' ? 'it is served all the same' : 'it is left out'
    report(new Error(`Tool "${tool.name}" of the server elsewhere ${words} (${hash}): ${fate}`))
    return pins.onChange === 'flag' ? [tool] : []
  })
}
