import type { Client, ForwardOptions } from '../../client/index.ts'
import type { Components, Kind } from '../../components/component.ts'
import type { CacheHint } from '../../protocol/cache-hint.ts'
import { McpError } from '../../protocol/errors.ts'
import { isRecord } from '../../protocol/json-rpc.ts'
import { hintIn } from './results.ts'

/** The definition of a component of a kind, as lists show it. */
export type AnyDefinition<K extends Kind> = Components[K]['definition']

/** What a server elsewhere lists: each a record, of which nothing is known yet. */
export interface Listed {
  readonly definitions: readonly Readonly<Record<string, unknown>>[]
  /** How long it may be kept, where the server says so. */
  readonly hint: Partial<CacheHint> | undefined
}

const METHODS: { readonly [K in Kind]: readonly [capability: 'tools' | 'resources' | 'prompts', method: string] } = {
  tool: ['tools', 'tools/list'],
  resource: ['resources', 'resources/list'],
  template: ['resources', 'resources/templates/list'],
  prompt: ['prompts', 'prompts/list'],
}
const MEMBERS: { readonly [K in Kind]: string } = {
  tool: 'tools',
  resource: 'resources',
  template: 'resourceTemplates',
  prompt: 'prompts',
}

const MOST_PAGES = 64
const MOST_ITEMS = 10_000
const MOST_BYTES = 64 * 1024 * 1024
const NOTHING: Listed = { definitions: [], hint: undefined }

/** Asks a server for the whole list of a kind. Rejects with `TOO_LARGE` for one without end. */
export async function listOf(kind: Kind, client: Client, options: ForwardOptions): Promise<Listed> {
  const [capability, method] = METHODS[kind]
  if (client.capabilities[capability] === undefined) return NOTHING
  const definitions: Readonly<Record<string, unknown>>[] = []
  let hint: Partial<CacheHint> | undefined
  let cursor: unknown
  let size = 0
  for (let pages = 0; ; pages++) {
    const page = await client.forward(method, cursor === undefined ? {} : { cursor }, options)
    const items = page[MEMBERS[kind]]
    for (const item of Array.isArray(items) ? items : []) if (isRecord(item)) definitions.push(item)
    size += pages === 0 ? 0 : JSON.stringify(items ?? null).length
    hint ??= hintIn(page)
    const next = page.nextCursor
    // A page that leads to itself leads nowhere.
    if (next === undefined || next === null || next === cursor) return { definitions, hint }
    cursor = next
    if (pages + 1 === MOST_PAGES || definitions.length > MOST_ITEMS || size > MOST_BYTES) throw endless(method)
  }
}

function endless(method: string): McpError {
  const words = `${method} of the server behind this one has no end: at most ${MOST_PAGES} pages and ${MOST_ITEMS} items are taken`
  return new McpError('TOO_LARGE', words)
}
