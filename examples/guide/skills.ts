// #region serve

import { FastMCP } from '@fastmcp/ts'
import { skills } from '@fastmcp/ts/skills'

// #endregion

import { pipe, resourcesAsTools } from '@fastmcp/ts'

import type { Client } from '@fastmcp/ts/client'

// #region read

import { getSkill, listSkills, readSkill, readSkillFolder } from '@fastmcp/ts/client/skills'

// #endregion
// #region serve
const folder = new URL('skills/', import.meta.url) // or a path, './skills'
export const mcp = new FastMCP({ name: 'shop', version: '1.0.0' }).extend(skills(folder))
// #endregion

// #region mount
export const plain = new FastMCP({ name: 'plain', version: '1.0.0' })
plain.mount('team', pipe(skills(folder), resourcesAsTools())) // skill://team/git-workflow/SKILL.md, and tools that read it
// #endregion

export async function readAll(client: Client) {
  // #region read
  for (const skill of await listSkills(client)) console.log(skill.frontmatter.name, skill.frontmatter.description)

  const skill = await getSkill(client, 'skill://acme/billing/refunds/SKILL.md') // listed or not
  const { body } = await readSkill(client, skill)
  const letter = await readSkill(client, skill, { file: 'examples/eu.md' })
  const inFolder = await readSkillFolder(client, 'skill://acme/billing/refunds')
  // #endregion
  return { body, letter, inFolder }
}
