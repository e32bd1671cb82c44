/**
 * Skills over MCP (SEP-2640): folders of instructions, served from disk.
 *
 * @module
 */
export type { Skill, SkillResource } from '../../protocol/skills.ts'
export { type Skills, type SkillsOptions, skills } from './skills.ts'
