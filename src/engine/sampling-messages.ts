import type { SamplingContent, SamplingMessage } from '../protocol/asks.ts'
import { DefinitionError } from '../protocol/errors.ts'

/**
 * Returns a conversation in which every use of a tool is followed by its results and nothing else, as
 * providers demand (client/sampling, Message Content Constraints). Throws `DefinitionError`.
 */
export function checkMessages(messages: readonly SamplingMessage[]): readonly SamplingMessage[] {
  if (messages.length === 0) throw bad('give at least one message')
  let open: readonly string[] = []
  for (const message of messages) {
    const blocks = blocksOf(message)
    const results = blocks.flatMap((block) => (block.type === 'tool_result' ? [block.toolUseId] : []))
    if (results.length > 0 && results.length < blocks.length)
      throw bad('a message with tool results holds nothing else')
    if (!isSame(open, results)) throw bad('each use of a tool must be followed at once by its result, and by no other')
    open = blocks.flatMap((block) => (block.type === 'tool_use' ? [block.id] : []))
    if (open.length > 0 && message.role !== 'assistant') throw bad('only an assistant uses tools')
  }
  if (open.length > 0) throw bad('the last use of a tool has no result')
  return messages
}

function blocksOf({ content }: SamplingMessage): readonly SamplingContent[] {
  return 'type' in content ? [content] : content
}

function isSame(uses: readonly string[], results: readonly string[]): boolean {
  return uses.length === results.length && uses.every((id) => results.includes(id))
}

function bad(problem: string): DefinitionError {
  return new DefinitionError('sampling', problem)
}
