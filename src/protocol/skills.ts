/** The extension by which servers offer skills (SEP-2640). */
export const SKILLS_EXTENSION = 'io.modelcontextprotocol/skills'

/** The file that makes a folder a skill. */
export const SKILL_FILE = 'SKILL.md'

/** The media type of a folder. */
export const DIRECTORY_TYPE = 'inode/directory'

/** One file of a skill, as its server promises it. */
export interface SkillResource {
  readonly uri: string
  /** `sha256:` and 64 hexadecimal digits, of the bytes. */
  readonly digest: string
  /** Bytes. */
  readonly size: number
}

/** A skill as listings show it: a folder of instructions and files, which a host may load. */
export interface Skill {
  /** Of its `SKILL.md`. */
  readonly uri: string
  /** What the file says of itself, all of it. */
  readonly frontmatter: Readonly<Record<string, unknown>> & { readonly name: string; readonly description: string }
  /** Every file of the folder, `SKILL.md` among them; or that they are made when they are read. */
  readonly resources: readonly SkillResource[] | 'dynamic'
}

/** The most that one skill may hold. */
export const SKILL_LIMITS: { readonly files: number; readonly bytes: number } = { files: 512, bytes: 16 * 1024 * 1024 }

const NAME = /^(?!.*--)[a-z0-9](?:[a-z0-9-]{0,62}[a-z0-9])?$/

/** Whether a skill may be called this: 1 to 64 lower-case letters and digits, with single hyphens between them. */
export function isSkillName(name: unknown): name is string {
  return typeof name === 'string' && NAME.test(name)
}
