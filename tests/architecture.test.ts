import { readdirSync, readFileSync } from 'node:fs'
import { dirname, join, relative, sep } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'

const root = fileURLToPath(new URL('..', import.meta.url))
const src = join(root, 'src')

/** Who may import whom: the one true copy. A `:types` room may only be imported for its types. */
const MAY_IMPORT: Readonly<Record<string, readonly string[]>> = {
  protocol: [],
  schema: [],
  resilience: ['protocol', 'schema', 'storage:types'],
  storage: ['protocol', 'schema'],
  engine: ['protocol', 'schema', 'storage:types'],
  eras: ['protocol', 'schema', 'engine', 'storage'],
  components: ['protocol', 'schema', 'engine'],
  providers: ['protocol', 'schema', 'engine', 'components', 'resilience', 'storage'],
  transforms: ['protocol', 'schema', 'engine', 'components', 'providers', 'resilience', 'storage'],
  middleware: ['protocol', 'schema', 'engine', 'components', 'providers', 'resilience', 'storage'],
  server: [
    'protocol',
    'schema',
    'engine',
    'components',
    'providers',
    'transforms',
    'middleware',
    'resilience',
    'storage',
  ],
  auth: ['protocol', 'storage', 'resilience', 'engine:types'],
  upstream: ['protocol', 'storage', 'resilience', 'engine:types'],
  transports: ['protocol', 'engine', 'eras'],
  client: ['protocol', 'schema', 'engine:types'],
  extensions: ['roof', 'protocol', 'engine:types', 'providers', 'middleware'],
  cli: ['roof', 'client', 'testing', 'middleware'],
  testing: ['roof', 'client', 'middleware'],
  roof: [
    'protocol',
    'schema',
    'resilience',
    'storage',
    'engine',
    'eras',
    'components',
    'providers',
    'transforms',
    'middleware',
    'server',
    'auth',
    'upstream',
    'transports',
    'extensions',
  ],
}

/** Rooms that see only the public doors of others. */
const OUTBUILDINGS = ['cli', 'testing']
const DOORS = [
  'index.ts',
  'client/index.ts',
  'client/terminal/index.ts',
  'testing/index.ts',
  'middleware/index.ts',
  'resilience/index.ts',
  'upstream/index.ts',
  'storage/index.ts',
  'providers/openapi/index.ts',
]

/** Parts of a room with a door of their own that see a little more than their room: a file, or all of a room. */
const SEES_MORE: readonly (readonly [place: string, file: string])[] = [
  ['providers/proxy/', 'client/index.ts'],
  ['providers/proxy/', 'transforms/namespace.ts'],
  ['providers/proxy/', 'transforms/pipe.ts'],
  ['providers/proxy/', 'transforms/remap.ts'],
  ['providers/proxy/', 'transforms/reshape-tools.ts'],
  ['providers/openapi/', 'upstream/'],
  ['providers/openapi/', 'index.ts'],
  ['cli/', 'providers/openapi/index.ts'],
]

/** Where Node's own modules may be imported; everything else runs on web APIs alone. */
const NODE_ALLOWED = [
  'transports/stdio/',
  'transports/node/',
  'providers/filesystem/',
  'providers/skills/',
  'providers/proxy/',
  'providers/openapi/document/',
  'storage/sqlite/',
  'upstream/egress/',
  'client/',
  'cli/',
  'testing/',
]

interface Import {
  readonly from: string
  readonly to: string
  readonly typesOnly: boolean
}

const files = readdirSync(src, { recursive: true, encoding: 'utf8' })
  .filter((file) => file.endsWith('.ts') && !/\.test(-d)?\.ts$/.test(file))
  .map((file) => file.split(sep).join('/'))

const text = (file: string): string => readFileSync(join(src, file), 'utf8')
const roomOf = (file: string): string => (file.includes('/') ? (file.split('/')[0] ?? '') : 'roof')

/** Static and dynamic imports and re-exports of a file, as written. */
function importsOf(file: string): { readonly target: string; readonly typesOnly: boolean }[] {
  const statement = /(?:^|\n)\s*(import|export)\s+(type\s+)?([\w$*{},\s]*?)\s*(?:from\s*)?['"]([^'"]+)['"]/g
  const found = [...text(file).matchAll(statement)].map(([, , type, names = '', target = '']) => {
    const inBraces = names.trim().match(/^\{([^}]*)\}$/)?.[1]
    const allTypes = inBraces
      ?.split(',')
      .filter((name) => name.trim() !== '')
      .every((name) => name.trim().startsWith('type '))
    return { target, typesOnly: type !== undefined || allTypes === true }
  })
  const dynamic = [...text(file).matchAll(/[^.\w]import\(\s*['"]([^'"]+)['"]/g)]
  return [...found, ...dynamic.map(([, target = '']) => ({ target, typesOnly: false }))]
}

const edges: Import[] = files.flatMap((from) =>
  importsOf(from)
    .filter(({ target }) => target.startsWith('.'))
    .map(({ target, typesOnly }) => ({
      from,
      to: relative(src, join(src, dirname(from), target))
        .split(sep)
        .join('/'),
      typesOnly,
    })),
)

describe('architecture', () => {
  it('imports only files that exist, with their ending', () => {
    expect(edges.filter(({ to }) => !files.includes(to))).toEqual([])
  })

  it('lets a room import only the rooms below it', () => {
    const wrong = edges.filter(({ from, to, typesOnly }) => {
      const [here, there] = [roomOf(from), roomOf(to)]
      const isSeen = (file: string): boolean => (file.endsWith('/') ? to.startsWith(file) : to === file)
      if (SEES_MORE.some(([place, file]) => from.startsWith(place) && isSeen(file))) return false
      const allowed = MAY_IMPORT[here] ?? []
      return here !== there && !allowed.includes(there) && !(typesOnly && allowed.includes(`${there}:types`))
    })
    expect(wrong).toEqual([])
  })

  it('lets the outbuildings see public doors only', () => {
    const wrong = edges.filter(
      ({ from, to }) => OUTBUILDINGS.includes(roomOf(from)) && roomOf(from) !== roomOf(to) && !DOORS.includes(to),
    )
    expect(wrong).toEqual([])
  })

  it('lets extensions see of the roof what a plug-in of a user sees', () => {
    const wrong = edges.filter(
      ({ from, to }) => roomOf(from) === 'extensions' && roomOf(to) === 'roof' && !DOORS.includes(to),
    )
    expect(wrong).toEqual([])
  })

  it('has no import cycle', () => {
    const values = edges.filter(({ typesOnly }) => !typesOnly)
    const next = new Map<string, string[]>()
    for (const { from, to } of values) next.set(from, [...(next.get(from) ?? []), to])
    const state = new Map<string, 'open' | 'done'>()
    const cycles: string[] = []
    const visit = (file: string, path: readonly string[]): void => {
      if (state.get(file) === 'open') cycles.push([...path.slice(path.indexOf(file)), file].join(' > '))
      if (state.has(file)) return
      state.set(file, 'open')
      for (const target of next.get(file) ?? []) visit(target, [...path, file])
      state.set(file, 'done')
    }
    for (const file of files) visit(file, [])
    expect(cycles).toEqual([])
  })

  it('has no file over 400 lines, and a median under 100', () => {
    const lengths = files.map((file) => ({ file, lines: text(file).split('\n').length }))
    expect(lengths.filter(({ lines }) => lines > 400)).toEqual([])
    const sorted = lengths.map(({ lines }) => lines).sort((a, b) => a - b)
    expect(sorted[Math.floor(sorted.length / 2)]).toBeLessThan(100)
  })

  it('names no revision outside the eras', () => {
    const wrong = files.filter(
      (file) => !file.startsWith('eras/') && /['"`]20(24|25|26)-\d\d-\d\d['"`]/.test(text(file)),
    )
    expect(wrong).toEqual([])
    expect(edges.filter(({ from, to }) => !from.startsWith('eras/') && /^eras\/\d/.test(to))).toEqual([])
  })

  it('needs Node only where it may', () => {
    const wrong = files.filter(
      (file) =>
        !NODE_ALLOWED.some((place) => file.startsWith(place)) &&
        (importsOf(file).some(({ target }) => target.startsWith('node:')) || text(file).includes("Module('node:")),
    )
    expect(wrong).toEqual([])
  })

  it('uses the official SDK on the client side only', () => {
    const wrong = files.filter(
      (file) =>
        roomOf(file) !== 'client' && importsOf(file).some(({ target }) => target.startsWith('@modelcontextprotocol/')),
    )
    expect(wrong).toEqual([])
  })

  it('has no names that say nothing', () => {
    const vague = /(^|\/)(utils?|helpers?|managers?|base|common|types|misc)(\.ts$|\/)/
    expect(files.filter((file) => vague.test(file))).toEqual([])
  })
})

describe('AGENTS.md', () => {
  it('maps every source file, and no other', () => {
    const mapped = [...readFileSync(join(root, 'AGENTS.md'), 'utf8').matchAll(/^- `src\/([^`]+)`: \S/gm)].map(
      ([, file]) => file,
    )
    expect(mapped.toSorted()).toEqual(files.toSorted())
  })
})
