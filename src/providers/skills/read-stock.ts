import type { Resource } from '../../components/component.ts'
import type { CacheHint } from '../../protocol/cache-hint.ts'
import { isSkillName, SKILL_FILE, SKILL_LIMITS, type Skill } from '../../protocol/skills.ts'
import { byUri, foldersOf, lastOf } from './folders.ts'
import { problem } from './problem.ts'
import { type FoundFile, scanFolder } from './scan.ts'
import { frontmatterOf } from './skill-frontmatter.ts'
import { resourceOf, type Stock, type StockFile, stockFile } from './stock.ts'

/** How skills are read. */
export interface StockOptions {
  /** Absolute paths. */
  readonly folders: readonly string[]
  /** Path segments before the names of the skills. */
  readonly prefix: string
  readonly cache: Partial<CacheHint>
}

/** Bytes of all skills together: they are held in memory. */
const MOST_BYTES = 256 * 1024 * 1024

/**
 * Reads all skills of some folders. What `before` holds is not read again. Throws `DefinitionError` that names
 * the file and the fix for whatever is wrong with one of them.
 */
export async function readStock(options: StockOptions, before?: Stock): Promise<Stock> {
  const draft: Draft = { ...options, before, skills: [], files: new Map(), faces: new Map() }
  for (const folder of options.folders) await addFolder(folder, draft)
  return finish(draft)
}

interface Draft extends StockOptions {
  readonly before: Stock | undefined
  readonly skills: Skill[]
  readonly files: Map<string, StockFile>
  /** The frontmatter of every `SKILL.md`, by its URI. */
  readonly faces: Map<string, Skill['frontmatter']>
}

async function addFolder(folder: string, draft: Draft): Promise<void> {
  const { name, skills, files } = await scanFolder(folder)
  const bytes = files.reduce((sum, { size }) => sum + size, 0)
  if (bytes > MOST_BYTES) throw problem(folder, `its skills are ${bytes} bytes; at most ${MOST_BYTES} are kept`)
  const uriOf = (path: string): string => uriIn(draft.prefix, skills.includes('') ? join(name, path) : path)
  for (const skill of skills) checkLimits(folder, skill, files)
  for (const found of files) {
    const uri = uriOf(found.path)
    if (draft.files.has(uri))
      throw problem(found.path, `another folder has ${uri} too; rename one, or give each a prefix`)
    draft.files.set(uri, await stockFile(uri, found, draft.before))
  }
  for (const skill of skills)
    draft.skills.push(describe(join(skill, SKILL_FILE), uriOf(join(skill, SKILL_FILE)), draft))
}

function checkLimits(folder: string, skill: string, files: readonly FoundFile[]): void {
  const inside = files.filter(({ path }) => skill === '' || path.startsWith(`${skill}/`))
  const bytes = inside.reduce((sum, { size }) => sum + size, 0)
  if (inside.length > SKILL_LIMITS.files) {
    throw problem(skill || folder, `it has ${inside.length} files; at most ${SKILL_LIMITS.files} make a skill`)
  }
  if (bytes > SKILL_LIMITS.bytes) {
    throw problem(skill || folder, `it has ${bytes} bytes; at most ${SKILL_LIMITS.bytes} make a skill`)
  }
}

/** The entry of the skill whose `SKILL.md` is at `uri`. */
function describe(path: string, uri: string, { files, faces }: Draft): Skill {
  const frontmatter = frontmatterOf(path, files.get(uri))
  const folder = uri.slice(0, -SKILL_FILE.length)
  const name = decodeURIComponent(folder.split('/').at(-2) ?? '')
  if (!isSkillName(name)) {
    throw problem(path, `the folder "${name}" must have a name of 1 to 64 of a-z 0-9 and single hyphens between them`)
  }
  if (frontmatter.name !== name) {
    throw problem(path, `its name is "${frontmatter.name}", but its folder is "${name}"; call both the same`)
  }
  faces.set(uri, frontmatter)
  const resources = [...files.values()]
    .filter((file) => file.uri.startsWith(folder))
    .map(({ uri, digest, bytes }) => ({ uri, digest, size: bytes.length }))
    .sort(byUri)
  return { uri, frontmatter, resources }
}

function finish({ skills, files, faces, cache }: Draft): Stock {
  const resources = new Map<string, Resource>()
  for (const file of files.values()) {
    const { name = lastOf(file.uri), description } = faces.get(file.uri) ?? {}
    resources.set(file.uri, resourceOf(file, { name, description, cache }))
  }
  const sorted = skills.toSorted(byUri)
  return {
    skills: Object.freeze(sorted),
    files,
    resources,
    folders: foldersOf(sorted, resources),
    listed: Object.freeze(sorted.flatMap(({ uri }) => resources.get(uri) ?? [])),
  }
}

function uriIn(prefix: string, path: string): string {
  return `skill://${join(prefix, path).split('/').map(encodeURIComponent).join('/')}`
}

function join(folder: string, path: string): string {
  return folder === '' || path === '' ? folder + path : `${folder}/${path}`
}
