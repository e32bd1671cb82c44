import { FastMCPError } from '../../protocol/errors.ts'

/** What did not fit: the file is not part of the skill, or its size, digest or frontmatter is not the promised one. */
export type SkillMismatch = 'unlisted' | 'size' | 'digest' | 'frontmatter'

/**
 * A file of a skill is not what the server's entry promises. Do not use it; of a `SKILL.md`, do not load the
 * skill. If the skill was changed meanwhile, `getSkill` gives its entry as it is now.
 */
export class SkillVerificationError extends FastMCPError {
  declare readonly code: 'SKILL_VERIFICATION'
  readonly reason: SkillMismatch
  readonly uri: string
  /** For `frontmatter`: one line per field that differs. */
  readonly differences: readonly string[]

  constructor(
    mismatch: Pick<SkillVerificationError, 'reason' | 'uri' | 'differences' | 'message'>,
    options?: ErrorOptions,
  ) {
    super('SKILL_VERIFICATION', mismatch.message, options)
    this.reason = mismatch.reason
    this.uri = mismatch.uri
    this.differences = mismatch.differences
  }
}
