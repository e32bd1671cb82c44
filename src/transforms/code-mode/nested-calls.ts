import { backstageOf } from '../../engine/backstage.ts'
import { canonical } from '../../engine/canonical.ts'
import type { Context } from '../../engine/context.ts'
import { Unwinding } from '../../engine/unwinding.ts'
import { McpError } from '../../protocol/errors.ts'
import type { CallToolResult } from '../../protocol/methods.ts'
import { encodeBase64Url } from '../../storage/base64url.ts'
import { isTooDeep, MOST_LEVELS } from './levels.ts'
import { CallFailure } from './sandbox.ts'

/** How a call ended, in a form that can be kept until the code is run again. */
interface Kept {
  readonly ok: boolean
  readonly text: string
}

/** What code cannot call, and what it may have meant. */
export interface CallNames {
  readonly own: ReadonlySet<string>
  /** The name nearest to one that is not there. */
  meant(name: string): Promise<string | undefined>
}

/**
 * Answers the calls of code: each goes through the server around it with the rights of the caller, and happens once however
 * often the code is run again. The same call again is another one.
 */
export function nestedCalls(
  context: Context,
  { own, meant }: CallNames,
): (name: string, json: string) => Promise<string> {
  const counts = new Map<string, number>()
  return async (name, json) => {
    if (own.has(name)) throw new CallFailure(`tools.${name} cannot be called by code`)
    const args = JSON.parse(json) as Readonly<Record<string, unknown>> // an object, as the sandbox sees to
    if (isTooDeep(args)) throw new CallFailure(`The arguments nest deeper than ${MOST_LEVELS} levels`)
    const call = canonical([name, args])
    const count = (counts.get(call) ?? 0) + 1
    counts.set(call, count)
    const key = `code-${await digest(call)}-${count}`
    const { ok, text } = await context.once(key, () => attempt(context, { name, arguments: args }, key))
    if (!ok) throw new CallFailure(text.startsWith(UNKNOWN) ? await unknown(name, meant) : text)
    return text
  }
}

/** So begins the error of a tool that is not there. */
const UNKNOWN = 'Unknown tool: '

/** The server knows what a caller lists, and this is not there. */
async function unknown(name: string, meant: CallNames['meant']): Promise<string> {
  const near = await meant(name)
  return `${UNKNOWN}${name.slice(0, 200)}${near === undefined ? '' : `. Did you mean ${JSON.stringify(near)}?`}`
}

interface Wanted {
  readonly name: string
  readonly arguments: Readonly<Record<string, unknown>>
}

async function attempt(context: Context, wanted: Wanted, key: string): Promise<Kept> {
  try {
    const result = await backstageOf(context).server.ask('tools/call', wanted, key)
    return result.isError === true ? { ok: false, text: textOf(result) } : { ok: true, text: dataOf(result) }
  } catch (problem) {
    if (problem instanceof Unwinding || !(problem instanceof McpError)) throw problem
    return { ok: false, text: problem.message }
  }
}

/** What a tool gave as data: structured where it is, otherwise its text, otherwise its blocks. */
function dataOf(result: CallToolResult): string {
  if (result.structuredContent !== undefined) return JSON.stringify(result.structuredContent)
  const content = result.content ?? []
  if (content.length === 0) return ''
  return JSON.stringify(content.every(({ type }) => type === 'text') ? textOf(result) : content)
}

function textOf({ content = [] }: CallToolResult): string {
  return content.flatMap((block) => (block.type === 'text' ? block.text : [])).join('\n')
}

async function digest(text: string): Promise<string> {
  const bytes = await crypto.subtle.digest('SHA-256', new TextEncoder().encode(text))
  return encodeBase64Url(new Uint8Array(bytes, 0, 16))
}
