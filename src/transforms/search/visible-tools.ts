import type { Tool } from '../../components/component.ts'
import { backstageOf } from '../../engine/backstage.ts'
import type { Context } from '../../engine/context.ts'
import type { ToolDefinition } from '../../protocol/definitions.ts'

/** The definitions of tools as the caller sees them, under the caller's names; those that they do not see are left out. */
export async function definitionsSeen(
  tools: Iterable<Tool>,
  context: Context,
  most: number = Number.POSITIVE_INFINITY,
): Promise<readonly ToolDefinition[]> {
  const seen: ToolDefinition[] = []
  const backstage = backstageOf(context)
  for (const { id } of tools) {
    if (seen.length >= most) break
    const asked = backstage.definitionOf(id)
    // No promise where nobody has to wait: there may be thousands.
    const definition = asked instanceof Promise ? await asked : asked
    if (definition !== undefined) seen.push({ ...definition, name: backstage.server.outside('tool', id) })
  }
  return seen
}

/** Each id once: several versions of one tool are one tool. */
export function oncePerId(tools: readonly Tool[]): readonly Tool[] {
  const byId = new Map<string, Tool>()
  for (const tool of tools) if (!byId.has(tool.id)) byId.set(tool.id, tool)
  return byId.size === tools.length ? tools : [...byId.values()]
}
