import type { Awaitable } from '../engine/call.ts'
import type { ContentBlock } from '../protocol/content.ts'
import type { CallToolResult, GetPromptResult } from '../protocol/methods.ts'
import type { View } from '../providers/provider.ts'
import type { Naming } from './naming.ts'

/** Makes links in results lead to where resources are seen. */
export interface Links {
  fix<R extends CallToolResult | GetPromptResult>(result: R, view: View): Awaitable<R>
}

/** `isOurs` tells whether a URI is one of the source: others, such as pages of the web, stay as they are. */
export function createLinks(naming: Naming, isOurs: (uri: string, view: View) => Awaitable<boolean>): Links {
  const fixBlock = async (block: ContentBlock, view: View): Promise<ContentBlock> => {
    const uri = uriOf(block)
    if (uri === undefined || !(await isOurs(uri, view))) return block
    const above = naming.above('resource', uri)
    if (block.type === 'resource_link') return { ...block, uri: above }
    return block.type === 'resource' ? { ...block, resource: { ...block.resource, uri: above } } : block
  }
  return {
    fix(result, view) {
      if (OUTSIDE.has(result)) return result
      const blocks = blocksOf(result)
      if (!blocks.some((block) => uriOf(block) !== undefined)) return result
      return Promise.all(blocks.map((block) => fixBlock(block, view))).then((fixed) => withBlocks(result, fixed))
    },
  }
}

const OUTSIDE = new WeakSet<object>()

/** Marks a result whose links are those that the caller knows already. */
export function saidOutside<R extends CallToolResult | GetPromptResult>(result: R): R {
  OUTSIDE.add(result)
  return result
}

function uriOf(block: ContentBlock): string | undefined {
  if (block.type === 'resource_link') return block.uri
  return block.type === 'resource' ? block.resource.uri : undefined
}

function blocksOf(result: CallToolResult | GetPromptResult): readonly ContentBlock[] {
  // Answers of extensions may have neither.
  if ('messages' in result) return result.messages.map(({ content }) => content)
  return result.content ?? []
}

/** The blocks in the places of the first ones. */
function withBlocks<R extends CallToolResult | GetPromptResult>(result: R, blocks: readonly ContentBlock[]): R {
  if (!('messages' in result)) return { ...result, content: blocks }
  const messages = result.messages.map((message, index) => ({ ...message, content: blocks[index] ?? message.content }))
  return { ...result, messages }
}
