import {
  SkillVerificationError as OfficialVerificationError,
  SkillsClient,
} from '@modelcontextprotocol/client/ext/skills'
import type { ResourceDefinition } from '../../protocol/definitions.ts'
import { parseFrontmatter } from '../../protocol/frontmatter.ts'
import type { Skill } from '../../protocol/skills.ts'
import type { Client } from '../client.ts'
import { ClientError } from '../errors.ts'
import { toClientError } from '../translate.ts'
import { SkillVerificationError } from './verification-error.ts'

/** What every request for skills takes. */
export interface SkillOptions {
  /** Cancels the request, which then rejects with the signal's reason. */
  readonly signal?: AbortSignal
  /** Milliseconds to wait for each answer; 60 s by default. */
  readonly timeout?: number
}

/** What listing takes besides. */
export interface ListSkillsOptions extends SkillOptions {
  /** Told of entries that break the rules, which are then left out. Without it, one of them rejects the whole. */
  readonly onInvalid?: (entry: { readonly uri?: string; readonly reason: string }) => void
}

/** What reading a file takes besides. */
export interface ReadSkillOptions extends SkillOptions {
  /** Which file: a path from the folder of the skill, such as `references/FORMS.md`. Default: its `SKILL.md`. */
  readonly file?: string
  /** True asks the server even where a kept answer would do. */
  readonly fresh?: boolean
}

/** A file of a skill whose contents are what the entry promises. */
export interface SkillFile {
  readonly uri: string
  readonly mimeType?: string
  readonly bytes: Uint8Array
  /** Where the server sent text, as it always does for `SKILL.md`. */
  readonly text?: string
  /** False for skills whose files are made when they are read: their server promises nothing. */
  readonly verified: boolean
  /** Of a `SKILL.md`: what it says of itself, which is what the entry says. */
  readonly frontmatter?: Readonly<Record<string, unknown>>
  /** Of a `SKILL.md`: the instructions behind that. */
  readonly body?: string
}

/** Whether the server offers skills. */
export function offersSkills(client: Client): boolean {
  return officialFor(client).supported
}

/**
 * The skills that a server lists; none where it offers none. A listing may be partial: `getSkill` may know more.
 * Nothing but the listing is fetched. Their words come from the server: do not take them for your user's.
 *
 * @example
 * for (const { uri, frontmatter } of await listSkills(client)) console.log(frontmatter.name, uri)
 */
export async function listSkills(client: Client, options: ListSkillsOptions = {}): Promise<readonly Skill[]> {
  const { onInvalid } = options
  if (!offersSkills(client)) return []
  return asking(options, async (how) => {
    const { skills, invalid } = await officialFor(client, onInvalid !== undefined).list({}, how)
    for (const { uri, reason } of invalid) onInvalid?.(uri === undefined ? { reason } : { uri, reason })
    return skills as readonly Skill[] // the same shape
  })
}

/** The skill whose `SKILL.md` is at a URI, listed or not, as it is now. */
export function getSkill(client: Client, uri: string, options: SkillOptions = {}): Promise<Skill> {
  return asking(options, async (how) => (await officialFor(client).get(uri, how)).skill as Skill) // the same shape
}

/**
 * Reads a file of a skill and verifies it: it must be one of the files of the entry, with its size and its digest, and
 * a `SKILL.md` must say of itself what the entry says. Rejects with `SkillVerificationError` otherwise. That
 * both fit shows no more than that: who sends the one sends the other.
 *
 * @example
 * const skill = await getSkill(client, 'skill://refunds/SKILL.md')
 * const { body } = await readSkill(client, skill)
 * const email = await readSkill(client, skill, { file: 'examples/email.md' })
 */
export function readSkill(client: Client, skill: Skill, options: ReadSkillOptions = {}): Promise<SkillFile> {
  const { file, fresh = false } = options
  // The same shape, but that the official one may be written to.
  const entry = skill as Parameters<SkillsClient['read']>[0]
  return asking(options, (how) =>
    officialFor(client).read(entry, file, { ...how, ...(fresh && { cacheMode: 'refresh' as const }) }),
  )
}

/** What is directly in a folder of a skill; folders in it have the type `inode/directory`. For servers that can tell. */
export function readSkillFolder(
  client: Client,
  uri: string,
  options: SkillOptions = {},
): Promise<readonly ResourceDefinition[]> {
  return asking(options, async (how) => {
    const { resources } = await officialFor(client).readDirectory(uri, how)
    return resources as readonly ResourceDefinition[] // the same shape
  })
}

/** It keeps nothing, so there is nothing to keep of it. */
function officialFor({ official }: Client, skipInvalid = false): SkillsClient {
  return new SkillsClient(official, { parseFrontmatter: (yaml) => ({ ...parseFrontmatter(yaml) }), skipInvalid })
}

async function asking<T>(
  { signal, timeout }: SkillOptions,
  ask: (how: { signal?: AbortSignal; timeout?: number }) => Promise<T>,
): Promise<T> {
  try {
    return await ask({ ...(signal && { signal }), ...(timeout !== undefined && { timeout }) })
  } catch (problem) {
    if (signal?.aborted) throw signal.reason
    if (problem instanceof OfficialVerificationError) throw new SkillVerificationError(problem, { cause: problem })
    // An entry that is none: it cannot have come from `listSkills` or `getSkill`.
    if (problem instanceof TypeError) throw new ClientError('INVALID_ANSWER', problem.message, { cause: problem })
    throw toClientError(problem)
  }
}
