import { readManifest } from '../../protocol/frontmatter.ts'
import { isRecord } from '../../protocol/json-rpc.ts'
import type { Skill } from '../../protocol/skills.ts'
import { problem } from './problem.ts'
import type { StockFile } from './stock.ts'

const LONGEST = { description: 1_024, compatibility: 500 }
const RESERVED = 'io.modelcontextprotocol/'

/**
 * What a `SKILL.md` says of itself. Throws `DefinitionError` for what the format of skills does not allow: hosts would
 * refuse the skill.
 */
export function frontmatterOf(path: string, file: StockFile | undefined): Skill['frontmatter'] {
  if (file?.text === undefined) throw problem(path, 'it must be UTF-8 text')
  const frontmatter = parsed(path, file.text)
  const { name, description, compatibility, metadata = {} } = frontmatter
  if (typeof name !== 'string') throw problem(path, 'the frontmatter needs a name, as in "name: refunds"')
  if (!isText(description, LONGEST.description)) {
    throw problem(path, `the frontmatter needs a description of 1 to ${LONGEST.description} characters`)
  }
  if (compatibility !== undefined && !isText(compatibility, LONGEST.compatibility)) {
    throw problem(path, `compatibility must be text of 1 to ${LONGEST.compatibility} characters`)
  }
  if (!isRecord(metadata) || !Object.values(metadata).every((value) => typeof value === 'string')) {
    throw problem(path, 'metadata must be keys with text; put numbers and dates in quotes')
  }
  const taken = Object.keys(metadata).find((key) => key.startsWith(RESERVED))
  if (taken !== undefined) throw problem(path, `the metadata key "${taken}" belongs to the protocol`)
  return { ...frontmatter, name, description }
}

function isText(value: unknown, longest: number): value is string {
  return typeof value === 'string' && value.trim() !== '' && [...value].length <= longest
}

function parsed(path: string, text: string): Readonly<Record<string, unknown>> {
  try {
    return readManifest(text).frontmatter
  } catch (cause) {
    throw problem(path, cause instanceof Error ? cause.message : String(cause), { cause })
  }
}
