import type { ContentBlock } from '../protocol/content.ts'
import type { PromptMessage } from '../protocol/definitions.ts'
import { FastMCPError } from '../protocol/errors.ts'
import { isRecord } from '../protocol/json-rpc.ts'
import { isContentBlock } from './content-block.ts'
import { plain } from './plain.ts'

/** The words of one side; a string is text. */
export type Saying = string | ContentBlock

/** One or more messages of one side. */
export interface Message {
  readonly role: 'user' | 'assistant'
  /** A list becomes as many messages. */
  readonly content: Saying | readonly Saying[]
}

/** What a prompt may return. What has no role is said by the user. */
export type PromptReturn = Saying | Message | readonly (Saying | Message)[]

/**
 * Something the user says.
 *
 * @example
 * prompt('review', { input }, ({ code }) => [user('Review this:'), user(code), assistant('What is it for?')])
 */
export function user(...content: readonly Saying[]): Message {
  return { role: 'user', content }
}

/**
 * Something the assistant says.
 *
 * @example
 * assistant('I will look at security first.')
 */
export function assistant(...content: readonly Saying[]): Message {
  return { role: 'assistant', content }
}

/** What a prompt returned as messages of the protocol. `label` names the prompt in errors. */
export function toMessages(returned: unknown, label: string): readonly PromptMessage[] {
  if (!Array.isArray(returned)) return said(returned, label)
  return returned.flatMap((item: unknown) => said(item, label))
}

function said(value: unknown, label: string): PromptMessage[] {
  if (!isRecord(value) || (value.role !== 'user' && value.role !== 'assistant')) {
    return [{ role: 'user', content: toBlock(value, label) }]
  }
  const { role, content } = value
  const blocks: readonly unknown[] = Array.isArray(content) ? content : [content]
  return blocks.map((block) => ({ role, content: toBlock(block, label) }))
}

function toBlock(value: unknown, label: string): ContentBlock {
  if (typeof value === 'string') return { type: 'text', text: value }
  if (!isContentBlock(value)) {
    throw new FastMCPError(
      'BAD_MESSAGE',
      `${label}: a message is ${kindOf(value)}; return a string, content such as image(), user(…) or assistant(…), or a list of them`,
    )
  }
  const refuse = (path: string, problem: string): Error =>
    new FastMCPError('RESULT_NOT_JSON', `${label}: message${path} ${problem}`)
  // A plain copy keeps the shape.
  return plain(value, refuse) as ContentBlock
}

function kindOf(value: unknown): string {
  if (value === null) return 'null'
  return Array.isArray(value) ? 'a list in a list' : `of type ${typeof value}`
}
