import { isRecord } from '../../../protocol/json-rpc.ts'
import { given, listIn, type Members, membersIn, textIn } from './read-members.ts'
import type { Reading } from './reading.ts'
import type { RouteServer } from './route.ts'

const MOST = { servers: 50, variables: 50, values: 1_000 }
const HERE: readonly RouteServer[] = [{ url: '/', variables: new Map() }]

/** The servers of the first that names any: of the operation, else of the path, else of the document. */
export function readServers(places: readonly Members[], reading: Reading): readonly RouteServer[] {
  for (const place of places) {
    const list = listIn(place, 'servers')
    const servers = reading.memory.servers.read(list, reading, () => list.slice(0, MOST.servers).flatMap(serverOf))
    if (servers.length > 0) return servers
  }
  return HERE
}

function serverOf(value: unknown): RouteServer | readonly RouteServer[] {
  const url = isRecord(value) ? textIn(value, 'url') : undefined
  if (!isRecord(value) || url === undefined) return []
  return { url: url.trim(), ...given('description', textIn(value, 'description')), variables: variablesOf(value) }
}

function variablesOf(server: Members): RouteServer['variables'] {
  const variables = new Map<string, { readonly default: string; readonly enum?: readonly string[] }>()
  for (const [name, variable] of Object.entries(membersIn(server, 'variables')).slice(0, MOST.variables)) {
    const preset = isRecord(variable) ? wordOf(variable.default) : undefined
    if (!isRecord(variable) || preset === undefined) continue
    const allowed = listIn(variable, 'enum')
      .slice(0, MOST.values)
      .flatMap((word) => wordOf(word) ?? [])
    variables.set(name, { default: preset, ...given('enum', allowed.length > 0 ? allowed : undefined) })
  }
  return variables
}

/** YAML takes a bare port for a number. Nothing is a value, too. */
function wordOf(value: unknown): string | undefined {
  if (typeof value === 'number' || typeof value === 'boolean') return String(value)
  return typeof value === 'string' ? value : undefined
}
