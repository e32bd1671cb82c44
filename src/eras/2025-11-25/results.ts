import type { AnyResult } from '../../engine/call.ts'
import { isRecord } from '../../protocol/json-rpc.ts'
import type { CallToolResult, GetPromptResult, ResultOf } from '../../protocol/methods.ts'
import { VALUE_ROOT } from '../../protocol/structured.ts'
import { remember } from '../encode.ts'
import type { Operation } from '../params.ts'
import type { ResultText } from '../text.ts'
import { blockFor, contentFor } from './content.ts'
import { definitionFor, promptFor, toolFor } from './definitions.ts'
import { REVISIONS, type Revision } from './revisions.ts'

/** The text of a result in one revision. Throws for what is no JSON. */
export type EncodeResult = (method: Operation, result: AnyResult) => ResultText

/** The encoder of every revision; one set per server, for it keeps the text of list pages. */
export function createEncoders(): ReadonlyMap<Revision, EncodeResult> {
  return new Map(REVISIONS.map((revision) => [revision, createEncoder(revision)]))
}

type Encoders = { readonly [M in Operation]: (result: ResultOf<M>) => ResultText }

function createEncoder(revision: Revision): EncodeResult {
  const encoders: Encoders = {
    'tools/list': remember(({ tools, ...page }) =>
      JSON.stringify({ ...page, tools: tools.map((tool) => toolFor(revision, tool)) }),
    ),
    'resources/list': remember(({ resources, ...page }) =>
      JSON.stringify({ ...page, resources: resources.map((resource) => definitionFor(revision, resource)) }),
    ),
    'resources/templates/list': remember(({ resourceTemplates, ...page }) =>
      JSON.stringify({ ...page, resourceTemplates: resourceTemplates.map((each) => definitionFor(revision, each)) }),
    ),
    'prompts/list': remember(({ prompts, ...page }) =>
      JSON.stringify({ ...page, prompts: prompts.map((prompt) => promptFor(revision, prompt)) }),
    ),
    'tools/call': (result) => JSON.stringify(toolResultFor(revision, result)),
    'prompts/get': (result) => JSON.stringify(messagesFor(revision, result)),
    'resources/read': JSON.stringify,
    'completion/complete': JSON.stringify,
  }
  return (method, result) => {
    if (!isRecord(result)) throw new TypeError(`${method} gave no result object`)
    // A result is always encoded by the method that it answers.
    return (encoders[method] as (result: AnyResult) => ResultText)(result)
  }
}

/** A tool's result: blocks that the revision knows, and structured content as the object it demands. */
function toolResultFor(revision: Revision, result: CallToolResult): CallToolResult {
  const content = contentFor(revision, result.content)
  const known = content === result.content ? result : { ...result, content }
  if (known.structuredContent === undefined) return known
  if (revision.structured) return mustWrap(known) ? wrapped(known) : known
  const { structuredContent: _, ...unstructured } = known
  return unstructured
}

function mustWrap(result: CallToolResult): boolean {
  return !isRecord(result.structuredContent) || VALUE_ROOT in result
}

/** The wrapping is told in `_meta`, so that a client that knows it can take it off again. */
function wrapped(result: CallToolResult): CallToolResult {
  const told = result._meta?.fastmcp
  return {
    ...result,
    structuredContent: { result: result.structuredContent },
    _meta: { ...result._meta, fastmcp: { ...(isRecord(told) && told), wrap_result: true } },
  }
}

function messagesFor(revision: Revision, result: GetPromptResult): GetPromptResult {
  const messages = result.messages.map(({ role, content }) => ({ role, content: blockFor(revision, content) }))
  return { ...result, messages }
}
