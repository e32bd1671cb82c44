import type { AnyComponent, Kind } from '../components/component.ts'
import type { Meta } from '../protocol/content.ts'
import { DefinitionError } from '../protocol/errors.ts'
import type { Transform } from '../providers/provider.ts'
import { checkReshapes } from './check-reshapes.ts'
import { remap } from './remap.ts'
import type { ArgChange } from './tool/arg-change.ts'
import { transformTool } from './tool/transform-tool.ts'

/** What becomes of one tool, as JSON. */
export interface ToolReshape {
  readonly name?: string
  readonly title?: string
  readonly description?: string
  readonly tags?: readonly string[]
  readonly meta?: Meta
  /** False takes the tool out. */
  readonly enabled?: boolean
  /** By the names that the arguments have now. */
  readonly arguments?: Readonly<Record<string, Omit<ArgChange, 'schema'>>>
}

/** Which tools of a source are shown, and how; the form that a config file holds. */
export interface ToolReshapes {
  /** By the names that the tools have now. */
  readonly tools?: Readonly<Record<string, ToolReshape>>
  /** Only tools with one of these tags; left out, all. */
  readonly includeTags?: readonly string[]
  /** No tools with any of these tags. */
  readonly excludeTags?: readonly string[]
}

/** Hears of a tool that cannot be changed as it was said: it is left out. */
export interface ReshapeOptions {
  /** Default: standard error. */
  readonly onProblem?: (problem: Error) => void
}

/**
 * Changes the tools of a source by their names, with nothing but data: what a config of `mcpServers` says beside a server.
 * Tags are looked at after the changes.
 *
 * @example
 * mcp.mount('weather', pipe(weather, reshapeTools({
 *   tools: { get_forecast: { name: 'forecast', arguments: { units: { hide: true, default: 'metric' } } } },
 *   excludeTags: ['admin'],
 * })))
 */
export function reshapeTools(reshapes: ToolReshapes, { onProblem = complain }: ReshapeOptions = {}): Transform {
  checkReshapes(reshapes)
  const byName = new Map(Object.entries(reshapes.tools ?? {}))
  const names = namesBelow(byName)
  const isShown = tagFilter(reshapes)

  const reshape = (tool: AnyComponent & { kind: 'tool' }): AnyComponent | undefined => {
    const change = byName.get(tool.id)
    if (change?.enabled === false) return undefined
    // Another tool has been given this name.
    if (change === undefined && names.has(tool.id)) return undefined
    try {
      const { arguments: args = {}, enabled: _enabled, ...rest } = change ?? {}
      const changed = change === undefined ? tool : transformTool(tool, { ...rest, args: { ...args } })
      return isShown(changed.tags) ? changed : undefined
    } catch (problem) {
      onProblem(problem instanceof Error ? problem : new Error(String(problem)))
      return undefined
    }
  }

  return (source) =>
    remap(source, {
      show: <C extends AnyComponent>(component: C) =>
        // A tool stays a tool.
        (component.kind === 'tool' ? reshape(component) : component) as C | undefined,
      below: (kind: Kind, id: string) => (kind === 'tool' ? belowName(id, names, byName) : id),
    })
}

/** The name that a tool has below, by its new one. */
function namesBelow(byName: ReadonlyMap<string, ToolReshape>): ReadonlyMap<string, string> {
  const names = new Map<string, string>()
  for (const [below, { name = below, enabled }] of byName) {
    if (enabled === false || name === below) continue
    const other = names.get(name)
    if (other !== undefined)
      throw new DefinitionError('tools', `"${other}" and "${below}" would both be called "${name}"`)
    names.set(name, below)
  }
  return names
}

function belowName(
  id: string,
  names: ReadonlyMap<string, string>,
  byName: ReadonlyMap<string, ToolReshape>,
): string | undefined {
  const below = names.get(id)
  if (below !== undefined) return below
  const own = byName.get(id)
  return own?.name !== undefined && own.name !== id ? undefined : id
}

function tagFilter({ includeTags, excludeTags = [] }: ToolReshapes): (tags: readonly string[]) => boolean {
  return (tags) =>
    (includeTags === undefined || includeTags.some((tag) => tags.includes(tag))) &&
    !excludeTags.some((tag) => tags.includes(tag))
}

function complain(problem: Error): void {
  console.error(`[fastmcp] A tool is left out. ${problem.message}`)
}
