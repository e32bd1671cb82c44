import type { Command, Remote } from '../../client/index.ts'
import type { AnyComponent } from '../../components/component.ts'
import { DefinitionError } from '../../protocol/errors.ts'
import { isRecord } from '../../protocol/json-rpc.ts'
import { nearest } from '../../schema/nearest.ts'
import { namespace } from '../../transforms/namespace.ts'
import { pipe } from '../../transforms/pipe.ts'
import { remap } from '../../transforms/remap.ts'
import { reshapeTools, type ToolReshapes } from '../../transforms/reshape-tools.ts'
import { combine } from '../combine.ts'
import type { Provider, Transform } from '../provider.ts'
import { checkTarget } from './check-target.ts'
import type { ProxyOptions, ProxyTarget } from './options.ts'
import type { PinOptions } from './pins.ts'

/** A server of a config: how it is reached, and what of its tools is shown and how. */
export type ProxiedServer = (Command | Remote) & ToolReshapes & OfProxied

interface OfProxied {
  readonly pins?: PinOptions
  /** True leaves the server out, as hosts do. */
  readonly disabled?: boolean
}

/** The common configuration file of MCP hosts: servers by name. */
export interface ProxyConfig {
  readonly mcpServers: Readonly<Record<string, ProxiedServer>>
}

/** Whether a target is a config. */
export function isConfig(target: unknown): target is ProxyConfig {
  return typeof target === 'object' && target !== null && 'mcpServers' in target
}

type Opened = Provider & AsyncDisposable
type Open = (target: ProxyTarget, options: ProxyOptions) => Opened

/** All servers of a config as one source, each under its name. */
export function proxyAll({ mcpServers }: ProxyConfig, options: ProxyOptions, open: Open): Opened {
  const servers = serversIn(mcpServers)
  if (servers.length === 0) throw new DefinitionError('mcpServers', 'name at least one server')
  if (options.pins !== undefined) throw new DefinitionError('mcpServers', 'give pins to the server that they are of')
  const report = options.onError ?? ((problem: Error): void => console.error(`[fastmcp] ${problem.message}`))
  const names = servers.map(([name]) => name)
  const proxies = servers.map(([, server]) => open(targetOf(server), pinned(options, server)))
  const parts = servers.map(([name, server], place): Provider => {
    const source = proxies[place] ?? combine([])
    const reshape = reshapeTools(reshapesOf(server), { onProblem: report })
    return pipe(source, reshape, namespace(name), withinOwn(name, names, report))
  })
  const whole = combine(parts)
  return Object.assign(whole, {
    async [Symbol.asyncDispose]() {
      await Promise.all(proxies.map((each) => each[Symbol.asyncDispose]()))
    },
  })
}

const KEYS = [
  'url',
  'headers',
  'command',
  'args',
  'env',
  'cwd',
  'tools',
  'includeTags',
  'excludeTags',
  'pins',
  'disabled',
]

/** What other hosts call what is known here. */
const OTHER_WORDS: ReadonlyMap<string, string> = new Map([
  ['serverUrl', 'url'],
  ['httpUrl', 'url'],
  ['environment', 'env'],
  ['workingDirectory', 'cwd'],
  ['working_directory', 'cwd'],
  ['enabled', 'disabled'],
])

/** Hosts keep settings of their own beside those known here; but one that is nearly known was meant to do something. */
function serversIn(mcpServers: unknown): readonly (readonly [name: string, server: ProxiedServer])[] {
  if (!isRecord(mcpServers)) throw new DefinitionError('mcpServers', 'give an object of servers by their names')
  return Object.entries(mcpServers).flatMap(([name, server]) => {
    const label = `server "${name}"`
    if (!isRecord(server)) throw new DefinitionError(label, 'give an object')
    for (const key of Object.keys(server)) {
      const meant = KEYS.includes(key) ? undefined : (OTHER_WORDS.get(key) ?? nearest(key, KEYS))
      if (meant !== undefined) throw new DefinitionError(label, `there is no "${key}"; did you mean "${meant}"?`)
    }
    const known = server as unknown as ProxiedServer // what it holds is checked where it is used
    const { disabled = false } = known
    if (typeof disabled !== 'boolean') throw new DefinitionError(label, 'disabled is true or false')
    if (disabled) return []
    checkTarget(label, targetOf(known))
    return [[name, known] as const]
  })
}

function targetOf(server: ProxiedServer): ProxyTarget {
  const { tools: _, includeTags: __, excludeTags: ___, pins: ____, disabled: _____, ...target } = server
  return target as Command | Remote // what is left of either
}

function reshapesOf({ tools, includeTags, excludeTags }: ProxiedServer): ToolReshapes {
  return {
    ...(tools !== undefined && { tools }),
    ...(includeTags !== undefined && { includeTags }),
    ...(excludeTags !== undefined && { excludeTags }),
  }
}

function pinned(options: ProxyOptions, { pins }: ProxiedServer): ProxyOptions {
  return pins === undefined ? options : { ...options, pins }
}

/**
 * With servers `a` and `a_b`, tool `b_c` of the one would look like tool `c` of the other: what begins with the longer name
 * belongs to that server alone.
 */
function withinOwn(own: string, names: readonly string[], report: (problem: Error) => void): Transform {
  const longer = names.filter((name) => name.startsWith(`${own}_`)).map((name) => `${name}_`)
  const isOthers = (id: string): boolean => longer.some((prefix) => id.startsWith(prefix))
  if (longer.length === 0) return (source) => source
  return (source) =>
    remap(source, {
      show<C extends AnyComponent>(component: C): C | undefined {
        if ((component.kind !== 'tool' && component.kind !== 'prompt') || !isOthers(component.id)) return component
        const words = `it looks like one of another server, so it is left out; give server "${own}" another name`
        report(new DefinitionError(`${component.kind} "${component.id.slice(0, 100)}" of "${own}"`, words))
        return undefined
      },
    })
}
