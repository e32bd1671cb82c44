import {
  type CacheOptions,
  DefinitionError,
  type Extension,
  type ExtensionHost,
  McpError,
  method,
} from '../../index.ts'
import { SKILLS_EXTENSION, type Skill } from '../../protocol/skills.ts'
import type { Provider } from '../../providers/provider.ts'
import { createShelf, type Shelf } from '../../providers/skills/shelf.ts'
import { pageOf } from './paging.ts'

/** How skills are shown. */
export interface SkillsOptions {
  /** Path segments before the names: with `acme/billing` a skill is at `skill://acme/billing/refunds/SKILL.md`. */
  readonly prefix?: string
  /** Whether the folder is watched: what changes is served at once, and clients that listen are told. Default false. */
  readonly reload?: boolean
  /** How long and for whom clients may keep listings and files; what is left out is as the server says of all. */
  readonly cache?: Omit<CacheOptions, 'methods'>
  /** Most skills on one page of a listing; default 100. */
  readonly pageSize?: number
}

/** Skills from a folder, to extend a server by, or to be mounted. */
export interface Skills extends Omit<Extension, 'start'>, Omit<Provider, 'start'> {
  start(host?: Pick<ExtensionHost, 'report'>): Promise<() => Promise<void>>
}

const PAGE_SIZE = 100
const PAGE_CHARACTERS = 512 * 1024

const CURSOR = { type: 'string' }
const BY_CURSOR = { type: 'object', properties: { cursor: CURSOR } }
const BY_URI = { type: 'object', properties: { uri: { type: 'string' }, cursor: CURSOR }, required: ['uri'] }

/**
 * Serves skills from a folder (SEP-2640): every folder in it that has a `SKILL.md` is one. They are listed with
 * the digests of all their files, and their files are resources. All of it is read before the first call and kept in
 * memory; a skill that cannot be keeps the server from starting, with the file and the fix named.
 *
 * Left out are names that begin with a dot. Links that lead out of the folder are refused.
 *
 * Mounted, the files alone are there, as resources: for hosts that know nothing of skills, under a namespace, or through transforms.
 *
 * @example
 * mcp.extend(skills('./skills'))
 * mcp.mount('team', pipe(skills('./more'), resourcesAsTools()))
 */
export function skills(folder: string | URL | readonly (string | URL)[], options: SkillsOptions = {}): Skills {
  const { prefix = '', reload = false, cache = {}, pageSize = PAGE_SIZE } = options
  checkOptions(options)
  const folders = typeof folder === 'string' || folder instanceof URL ? [folder] : folder
  const shelf = createShelf({ folders, prefix, cache })
  const size = { entries: pageSize, characters: PAGE_CHARACTERS }
  // Whoever asks for skills knows what they are: nothing is gained by a declaration.
  const common = { requiresClient: false, cache }

  return {
    id: SKILLS_EXTENSION,
    settings: { directoryRead: true },
    capabilities: { resources: { subscribe: true, listChanged: true } },
    provider: shelf,
    methods: {
      'skills/list': method({ ...common, params: BY_CURSOR }, async ({ cursor }) => {
        const { entries, ...next } = pageOf((await shelf.stock()).skills, textOf(cursor), size)
        return { skills: entries, ...next }
      }),
      'skills/get': method({ ...common, params: BY_URI }, async ({ uri }) => {
        const skill = (await shelf.stock()).skills.find((known) => known.uri === uri)
        if (skill === undefined) throw unknown('There is no skill', uri)
        return { skill }
      }),
      'resources/directory/read': method({ ...common, params: BY_URI }, async ({ uri, cursor }) => {
        const children = (await shelf.stock()).folders.get(String(uri))
        if (children === undefined) throw unknown('There is no folder of a skill', uri)
        const { entries, ...next } = pageOf(children, textOf(cursor), size)
        return { resources: entries, ...next }
      }),
    },
    async start({ report } = { report: complain }) {
      await shelf.reload()
      await reportTwins(shelf, report)
      const stop = reload ? shelf.watch(report) : undefined
      // What changed before the watch began.
      if (reload) await shelf.reload()
      return async () => stop?.()
    },
    list: shelf.list,
    find: shelf.find,
    onChange: shelf.onChange,
  }
}

/** Without a server around it that it could tell. */
function complain(problem: Error): void {
  console.error(`[fastmcp] ${problem.message}`)
}

function checkOptions({ prefix = '', pageSize = PAGE_SIZE }: SkillsOptions): void {
  if (/^\/|\/$|\/\/|(?:^|\/)\.{1,2}(?:\/|$)/.test(prefix)) {
    throw new DefinitionError('skills', `prefix "${prefix}" must be names with "/" between them, as in "acme/billing"`)
  }
  if (Number.isSafeInteger(pageSize) && pageSize > 0) return
  throw new DefinitionError('skills', `pageSize must be a whole number above 0, not ${pageSize}`)
}

/** Names are labels, and may be there twice; whoever picks by name can then not tell which. */
async function reportTwins(shelf: Shelf, report: (problem: Error) => void): Promise<void> {
  const byName = new Map<string, Skill>()
  for (const skill of (await shelf.stock()).skills) {
    const { name } = skill.frontmatter
    const first = byName.get(name)
    if (first !== undefined)
      report(new DefinitionError('skills', `${first.uri} and ${skill.uri} are both called "${name}"`))
    else byName.set(name, skill)
  }
}

/** The schema has seen to it that it is text if it is there. */
function textOf(value: unknown): string | undefined {
  return value === undefined ? undefined : String(value)
}

function unknown(words: string, uri: unknown): McpError {
  return new McpError('INVALID_PARAMS', `${words} at ${String(uri).slice(0, 200)}`, { data: { uri } })
}
