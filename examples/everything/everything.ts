import { FastMCP } from '@fastmcp/ts'
import { askingPrompt, askingTools } from './asking.ts'
import { prompts } from './prompts.ts'
import { resources } from './resources.ts'
import { roundTools } from './rounds.ts'
import { contentTools, describedTools, talkativeTools } from './tools.ts'

/** All of it that needs no files, and so runs on Workers too. */
export const mcp = new FastMCP({
  name: 'everything',
  version: '1.0.0',
  title: 'One of everything',
  instructions: 'Call any tool: none of them has an effect outside.',
})

mcp.add(...contentTools, ...talkativeTools, ...describedTools, ...askingTools, ...roundTools)
mcp.add(...resources, ...prompts, askingPrompt)

// Registering and removing tell listening clients by themselves; this tells without a change.
mcp.tool('test_trigger_tool_change', { description: 'Says that the list of tools changed' }, () => {
  mcp.changed('tool')
  return 'Said so'
})
mcp.tool('test_trigger_prompt_change', { description: 'Says that the list of prompts changed' }, () => {
  mcp.changed('prompt')
  return 'Said so'
})
