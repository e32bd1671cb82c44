/**
 * One of everything: each kind of content, notification, resource and prompt. The judges in
 * `tests/judges` call it by the names that the official conformance suite prescribes.
 *
 *     npx fastmcp run examples/everything/server.ts --transport http --port 8000
 */
import { FastMCP } from '@fastmcp/ts'
import { skills } from '@fastmcp/ts/skills'
import { askingPrompt, askingTools } from './asking.ts'
import { prompts } from './prompts.ts'
import { resources } from './resources.ts'
import { roundTools } from './rounds.ts'
import { contentTools, describedTools, talkativeTools } from './tools.ts'

export const mcp = new FastMCP({
  name: 'everything',
  version: '1.0.0',
  title: 'One of everything',
  instructions: 'Call any tool: none of them has an effect outside.',
})

mcp.add(...contentTools, ...talkativeTools, ...describedTools, ...askingTools, ...roundTools)
mcp.add(...resources, ...prompts, askingPrompt)
mcp.extend(skills(new URL('skills/', import.meta.url)))

// Registering and removing tell listening clients by themselves; this tells without a change.
mcp.tool('test_trigger_tool_change', { description: 'Says that the list of tools changed' }, () => {
  mcp.changed('tool')
  return 'Said so'
})
mcp.tool('test_trigger_prompt_change', { description: 'Says that the list of prompts changed' }, () => {
  mcp.changed('prompt')
  return 'Said so'
})
