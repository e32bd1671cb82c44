/**
 * Skills over MCP (SEP-2640), from the side of a host: listing them, and reading their files verified.
 *
 * @module
 */
export type { Skill, SkillResource } from '../../protocol/skills.ts'
export {
  getSkill,
  type ListSkillsOptions,
  listSkills,
  offersSkills,
  type ReadSkillOptions,
  readSkill,
  readSkillFolder,
  type SkillFile,
  type SkillOptions,
} from './skills.ts'
export { type SkillMismatch, SkillVerificationError } from './verification-error.ts'
