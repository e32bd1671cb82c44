import fc from 'fast-check'

/** One HTTP request as it is sent. */
export interface Case {
  readonly verb: string
  readonly headers: Readonly<Record<string, string>>
  readonly body: string
}

/** A request before it is written down: what there is to spoil. */
export interface Plan {
  verb: string
  headers: Record<string, string | undefined>
  message: Record<string, unknown>
  /** In place of the message. */
  raw?: string
}

export type EraName = 'stateless' | 'stateful'

const META = 'io.modelcontextprotocol/'
const REVISION = { stateless: '2026-07-28', stateful: '2025-11-25' } as const

type Json = Record<string, unknown>

const args = fc.oneof(
  fc.record({ a: fc.integer(), b: fc.integer() }),
  fc.record({ a: fc.double({ noNaN: true, noDefaultInfinity: true }) }),
  fc.record({ name: fc.string({ maxLength: 5 }), polite: fc.boolean() }),
  fc.record({ kind: fc.constantFrom('circle', 'square', 'line'), sizes: fc.array(fc.integer(), { maxLength: 5 }) }),
  fc.record({ region: fc.constantFrom('eu', 'us west', ' padded', 'grün', ''), level: fc.integer() }),
  fc.constantFrom(
    {},
    { a: true },
    { a: [] },
    { name: 'Ann' },
    { name: 'Ann', extra: 1 },
    { a: null, b: 2 },
    { kind: 'circle', sizes: ['x'] },
  ),
)
const name = fc.constantFrom('add', 'greet', 'draw', 'look', 'now', 'break', 'nothing', '', 'toString', '__proto__')
const promptName = fc.constantFrom('hello', 'review', 'nothing', 'constructor')
const uri = fc.constantFrom(
  'twin://text',
  'twin://bytes',
  'twin://items/7',
  'twin://items/a%20b',
  'twin://none',
  'none',
  '',
  'twin://items/',
)

/** A well-formed operation: what may be asked in each era. */
const operation: fc.Arbitrary<readonly [method: string, params: Json | undefined]> = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.tuple(fc.constant('tools/call'), fc.record({ name, arguments: args }, { requiredKeys: ['name'] })),
  },
  { weight: 2, arbitrary: fc.tuple(fc.constant('resources/read'), fc.record({ uri })) },
  {
    weight: 2,
    arbitrary: fc.tuple(
      fc.constant('prompts/get'),
      fc.record(
        {
          name: promptName,
          arguments: fc.constantFrom(
            {},
            { code: 'x' },
            { code: 'x', color: 'red' },
            { code: 1 },
            { code: 'x', more: 'y' },
          ),
        },
        { requiredKeys: ['name'] },
      ),
    ),
  },
  {
    weight: 2,
    arbitrary: fc.tuple(
      fc.constant('completion/complete'),
      fc.record({
        ref: fc.constantFrom(
          { type: 'ref/prompt', name: 'review' },
          { type: 'ref/prompt', name: 'hello' },
          { type: 'ref/prompt', name: 'nothing' },
          { type: 'ref/resource', uri: 'twin://items/{id}' },
          { type: 'ref/resource', uri: 'twin://text' },
          { type: 'ref/other', name: 'review' },
        ),
        argument: fc.constantFrom(
          { name: 'color', value: 'gr' },
          { name: 'code', value: '' },
          { name: 'none', value: 'x' },
          { name: 'color' },
        ),
      }),
    ),
  },
  {
    weight: 4,
    arbitrary: fc.tuple(
      fc.constantFrom('tools/list', 'resources/list', 'resources/templates/list', 'prompts/list'),
      fc.constantFrom({}, {}, {}, { cursor: 'garbage' }, { cursor: 7 }),
    ),
  },
  {
    weight: 2,
    arbitrary: fc.tuple(
      fc.constantFrom('server/discover', 'ping', 'initialize', 'notifications/initialized', 'notifications/cancelled'),
      fc.constant({}),
    ),
  },
  {
    weight: 1,
    arbitrary: fc.tuple(fc.constant('logging/setLevel'), fc.constantFrom({ level: 'info' }, { level: 'loud' }, {})),
  },
  {
    weight: 1,
    arbitrary: fc.tuple(fc.constantFrom('resources/subscribe', 'resources/unsubscribe'), fc.record({ uri })),
  },
  {
    weight: 1,
    arbitrary: fc.tuple(fc.constantFrom('tasks/get', 'none/such', 'tools/Call', ''), fc.constantFrom({}, undefined)),
  },
)

/** `_meta` with all or some of what carries a request of the stateless era. */
const envelope: fc.Arbitrary<Json> = fc.record(
  {
    [`${META}protocolVersion`]: fc.constantFrom('2026-07-28', '2025-11-25', '1900-01-01', 7),
    [`${META}clientCapabilities`]: fc.constantFrom({}, { roots: {} }, 'text'),
  },
  { requiredKeys: [] },
)

/** What can be wrong with a request; each spoils one thing. */
const spoiler: fc.Arbitrary<(plan: Plan) => void> = fc.oneof(
  at(['jsonrpc'], fc.constantFrom('1.0', 2, undefined)),
  at(['id'], fc.constantFrom(null, 1.5, 'text', '', -1, undefined, {}, true)),
  at(['method'], fc.constantFrom(undefined, 7, null, [])),
  at(['params'], fc.constantFrom(undefined, null, [], 'text', 7)),
  at(['params', 'name'], fc.constantFrom(undefined, 7, null, {})),
  at(['params', 'uri'], fc.constantFrom(undefined, 7, null)),
  at(['params', 'arguments'], fc.constantFrom(null, [], 'text', 7)),
  at(['params', '_meta'], fc.constantFrom(undefined, null, 7, 'text', {}, [])),
  at(['params', '_meta'], envelope),
  at(
    ['params', '_meta', `${META}protocolVersion`],
    fc.constantFrom(undefined, 7, '2025-11-25', '1900-01-01', 'v999.0.0'),
  ),
  at(
    ['params', '_meta', `${META}clientCapabilities`],
    fc.constantFrom(undefined, null, 'text', [], { sampling: 7 }, { roots: {} }),
  ),
  at(
    ['params', '_meta', `${META}clientInfo`],
    fc.constantFrom(undefined, null, 'text', {}, { name: 'a' }, { name: 1, version: 'b' }),
  ),
  at(['params', '_meta', `${META}logLevel`], fc.constantFrom('info', 'loud', 7)),
  at(['params', '_meta', 'progressToken'], fc.constantFrom('token', 7, null, {}, 1.5)),
  at(['params', '_meta', 'example.com/own'], fc.constantFrom({ any: 'thing' }, null)),
  at(['params', 'extra'], fc.constant({ any: 'thing' })),
  at(['result'], fc.constant({})),
  at(['surplus'], fc.constant(1)),
  header(
    'mcp-protocol-version',
    fc.constantFrom(undefined, '', '2025-11-25', '2025-06-18', '2024-11-05', '2026-07-28', '1900-01-01', 'v999.0.0'),
  ),
  header('mcp-method', fc.constantFrom(undefined, '', 'tools/list', 'TOOLS/CALL', ' tools/call ')),
  header('mcp-name', fc.constantFrom(undefined, '', 'other', ' add ', '=?base64?YWRk?=', '=?base64?***?=')),
  header('mcp-param-region', fc.constantFrom(undefined, 'eu', '=?base64?Z3LDvG4=?=', '=?base64?Z3LDvG4?=')),
  header(
    'content-type',
    fc.constantFrom(undefined, 'text/plain', 'application/json; charset=utf-8', 'application/jsonx'),
  ),
  header('accept', fc.constantFrom(undefined, '*/*', 'application/json', 'text/event-stream', 'text/html')),
  raw(fc.constantFrom('', '{', 'null', '7', '"text"', '[]', '{}', '[1]')),
  batch(),
  verb(fc.constantFrom('PUT', 'PATCH', 'OPTIONS')),
)

/** Requests of an era: most are well-formed, the others have one or two things wrong. */
export function cases(era: EraName): fc.Arbitrary<Case> {
  const spoilers = fc.oneof(
    { weight: 3, arbitrary: fc.constant([]) },
    { weight: 5, arbitrary: fc.array(spoiler, { minLength: 1, maxLength: 1 }) },
    { weight: 2, arbitrary: fc.array(spoiler, { minLength: 2, maxLength: 3 }) },
  )
  return fc.tuple(fc.integer({ min: 1, max: 1_000_000 }), operation, spoilers).map(([id, [method, params], spoil]) => {
    const plan = planOf(era, { id, method, params })
    for (const change of spoil) change(plan)
    return written(plan)
  })
}

function planOf(era: EraName, { id, method, params }: { id: number; method: string; params: Json | undefined }): Plan {
  const headers: Plan['headers'] = {
    'content-type': 'application/json',
    accept: 'application/json, text/event-stream',
    'mcp-protocol-version': REVISION[era],
  }
  const isNotification = method.startsWith('notifications/')
  const base = { jsonrpc: '2.0', ...(!isNotification && { id }), method }
  if (era === 'stateful')
    return { verb: 'POST', headers, message: { ...base, ...(params && { params: structuredClone(params) }) } }
  headers['mcp-method'] = method
  const named = params?.name ?? params?.uri
  if (['tools/call', 'prompts/get', 'resources/read'].includes(method) && typeof named === 'string')
    headers['mcp-name'] = named
  const region = (params?.arguments as Json | undefined)?.region
  if (params?.name === 'look' && typeof region === 'string') headers['mcp-param-region'] = encoded(region)
  const meta = {
    [`${META}protocolVersion`]: REVISION.stateless,
    [`${META}clientInfo`]: { name: 'twin-client', version: '1.0.0' },
    [`${META}clientCapabilities`]: {},
  }
  return { verb: 'POST', headers, message: { ...base, params: { ...structuredClone(params), _meta: meta } } }
}

function encoded(value: string): string {
  const isPlain = /^[!-~]([ -~]*[!-~])?$/.test(value)
  return isPlain ? value : `=?base64?${Buffer.from(value).toString('base64')}?=`
}

function written({ verb, headers, message, raw }: Plan): Case {
  const kept = Object.entries(headers).filter((entry): entry is [string, string] => entry[1] !== undefined)
  return { verb, headers: Object.fromEntries(kept), body: raw ?? JSON.stringify(message) }
}

function at(path: readonly string[], value: fc.Arbitrary<unknown>): fc.Arbitrary<(plan: Plan) => void> {
  return value.map((made) => ({ message }) => {
    let parent: Json = message
    for (const key of path.slice(0, -1)) {
      const next = parent[key]
      if (typeof next !== 'object' || next === null) return
      parent = next as Json // an object, or an array that gets a member
    }
    parent[path.at(-1) ?? ''] = structuredClone(made)
  })
}

function header(name: string, value: fc.Arbitrary<string | undefined>): fc.Arbitrary<(plan: Plan) => void> {
  return value.map((made) => ({ headers }) => {
    headers[name] = made
  })
}

function raw(text: fc.Arbitrary<string>): fc.Arbitrary<(plan: Plan) => void> {
  return text.map((made) => (plan) => {
    plan.raw = made
  })
}

function batch(): fc.Arbitrary<(plan: Plan) => void> {
  return fc.constant((plan) => {
    plan.raw = JSON.stringify([plan.message, { jsonrpc: '2.0', id: 0, method: 'tools/list', params: {} }])
  })
}

function verb(verbs: fc.Arbitrary<string>): fc.Arbitrary<(plan: Plan) => void> {
  return verbs.map((made) => (plan) => {
    plan.verb = made
  })
}
