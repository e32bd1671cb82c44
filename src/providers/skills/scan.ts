import type { Dirent } from 'node:fs'
import { readdir, realpath, stat } from 'node:fs/promises'
import { basename, join, sep } from 'node:path'
import { DefinitionError } from '../../protocol/errors.ts'
import { SKILL_FILE } from '../../protocol/skills.ts'

/** A file below the folder of skills. */
export interface FoundFile {
  /** From the folder, with `/` between the names. */
  readonly path: string
  /** Where it really is. */
  readonly place: string
  readonly size: number
  /** Changes when the file does. */
  readonly stamp: string
}

/** What a folder of skills holds. */
export interface Found {
  /** The name of the folder itself, for a folder that is a skill. */
  readonly name: string
  /** Folders with a `SKILL.md`, by their path; the empty one is the folder itself. */
  readonly skills: readonly string[]
  /** The files of skills, by path in the order of their names. */
  readonly files: readonly FoundFile[]
}

const MOST_ENTRIES = 20_000
const DEEPEST = 16

/**
 * Looks through a folder. Names that begin with a dot are left out, and so is what belongs to no skill. Throws
 * `DefinitionError` for links that lead out of the folder, for links to folders, and for what is no file.
 */
export async function scanFolder(folder: string): Promise<Found> {
  const root = await realFolder(folder)
  const scan = new Scan(folder, root)
  await scan.enter('', false)
  return { name: basename(root), skills: scan.skills, files: scan.files }
}

async function realFolder(folder: string): Promise<string> {
  const root = await realpath(folder).catch((cause) => {
    throw new DefinitionError(`skills in ${folder}`, 'there is no such folder', { cause })
  })
  if ((await stat(root)).isDirectory()) return root
  throw new DefinitionError(`skills in ${folder}`, 'this is a file; give the folder that holds the skills')
}

class Scan {
  readonly skills: string[] = []
  readonly files: FoundFile[] = []
  readonly #folder: string
  readonly #root: string
  #left = MOST_ENTRIES

  constructor(folder: string, root: string) {
    this.#folder = folder
    this.#root = root
  }

  async enter(path: string, isInSkill: boolean): Promise<void> {
    const entries = (await readdir(join(this.#root, path), { withFileTypes: true }))
      .filter(({ name }) => !name.startsWith('.'))
      .sort((one, other) => (one.name < other.name ? -1 : 1))
    this.#left -= entries.length
    if (this.#left < 0)
      throw this.#refuse(path, `there are more than ${MOST_ENTRIES} files; give a folder of skills alone`)
    if (path.split('/').length > DEEPEST) throw this.#refuse(path, `it nests deeper than ${DEEPEST} folders`)
    const isSkill = entries.some((entry) => entry.name === SKILL_FILE && !entry.isDirectory())
    if (isSkill) this.skills.push(path)
    for (const entry of entries) await this.#take(entry, path, isInSkill || isSkill)
  }

  async #take(entry: Dirent, folder: string, isInSkill: boolean): Promise<void> {
    const path = folder === '' ? entry.name : `${folder}/${entry.name}`
    if (entry.isDirectory()) return this.enter(path, isInSkill)
    if (!isInSkill) return
    // Asked once more of the whole path: a folder on the way may have become a link meanwhile.
    const place = await realpath(join(this.#root, path)).catch((cause) => {
      throw this.#refuse(path, 'it is a link to nothing', { cause })
    })
    if (!place.startsWith(this.#root.endsWith(sep) ? this.#root : this.#root + sep))
      throw this.#refuse(path, 'it is a link that leads out of the folder; copy the file')
    const facts = await stat(place)
    if (facts.isDirectory()) throw this.#refuse(path, 'it is a link to a folder; copy what it should hold')
    if (!facts.isFile()) throw this.#refuse(path, 'it is no file that can be read')
    this.files.push({
      path,
      place,
      size: facts.size,
      stamp: `${facts.ino} ${facts.size} ${facts.mtimeMs} ${facts.ctimeMs}`,
    })
  }

  #refuse(path: string, problem: string, options?: ErrorOptions): DefinitionError {
    return new DefinitionError(
      `skills in ${this.#folder}`,
      `${path.slice(0, 200) || 'the folder'}: ${problem}`,
      options,
    )
  }
}
