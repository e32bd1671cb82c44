import type { Told } from './answer.ts'
import type { Asked } from './asked.ts'

/** A difference that was looked at and is meant to be. */
export interface Difference {
  /** What this server does. */
  readonly ours: string
  readonly reason: string
  /** Whether it explains two answers to what was asked that are not the same. */
  readonly explains: (asked: Asked, ours: Outcome, official: Outcome) => boolean
}

/** An answer in brief. */
export interface Outcome {
  readonly status: number
  /** Of each message: its error code, `ok`, or `failed` for a tool that said so. */
  readonly kinds: readonly (number | 'ok' | 'failed')[]
}

/** Where this server and the official one answer differently on purpose. One that explains nothing any more is stale. */
export const DIFFERENCES: readonly Difference[] = [
  {
    ours: 'Parameters that do not fit their method are -32602, whatever the method.',
    reason: 'JSON-RPC 2.0, 5.1: -32602 is the code of invalid parameters, by which a client knows what to correct.',
    explains: (_, ours, official) => is(ours, 200, -32_602) && is(official, 200, -32_603),
  },
  {
    ours: 'A cursor that this server never gave is -32602.',
    reason: 'Server utilities, Pagination: invalid cursors should result in an error with the code -32602.',
    explains: ({ params }, ours, official) =>
      params.cursor !== undefined && is(ours, 200, -32_602) && is(official, 200, 'ok'),
  },
  {
    ours: 'Completing an argument that there is not is -32602.',
    reason:
      'Completion, Error Handling: a name that the server does not have is -32602; a misspelt argument is not one without suggestions.',
    explains: ({ method }, ours, official) =>
      method === 'completion/complete' && is(ours, 200, -32_602) && is(official, 200, 'ok'),
  },
  {
    ours: 'A prompt that takes nothing refuses arguments, with -32602.',
    reason:
      'Prompts, Implementation Considerations: servers should validate the arguments of a prompt before processing.',
    explains: ({ method, params }, ours, official) =>
      method === 'prompts/get' && params.name === 'hello' && is(ours, 200, -32_602) && is(official, 200, 'ok'),
  },
  {
    ours: 'Members of a message that JSON-RPC does not know are ignored.',
    reason: 'JSON-RPC 2.0 forbids none, and newer revisions may add some.',
    explains: ({ message }, _, official) => Object.hasOwn(message, 'surplus') && isUnread(official),
  },
  {
    ours: 'A message whose _meta cannot be read is a message: -32602 names what is wrong in the stateless era, where _meta carries the request; in the stateful era it is ignored.',
    reason:
      'Basic, _meta of 2026-07-28: a missing or malformed required member is -32602. Before that _meta may be left out, and nothing hangs on it.',
    explains: ({ hasOddMeta }, _, official) => hasOddMeta && isUnread(official),
  },
  {
    ours: 'A client that accepts neither JSON nor event streams gets 406 in every era.',
    reason: 'RFC 9110, 15.5.7: it has said that it can read no answer that there is.',
    explains: ({ accept }, ours) => accept === 'text/html' && ours.status === 406,
  },
  {
    ours: 'In the stateful era a client that accepts JSON or event streams, or says nothing, is served in what it accepts.',
    reason:
      'Transports: to accept both is asked of clients; an answer that the client can read serves it better than none.',
    explains: ({ accept }, ours, official) => accept !== 'text/html' && ours.status !== 406 && official.status === 406,
  },
  {
    ours: 'A batch is refused as a whole where the revision has none.',
    reason: 'Batches left the protocol with 2025-06-18, and JSON-RPC 2.0, 5.1, gives -32600 to what is no request.',
    explains: ({ isBatch }, ours) => isBatch && is(ours, 400, -32_600),
  },
  {
    ours: 'What a session remembers needs one: without it, setting a log level and subscribing are -32600 with the way to a session.',
    reason:
      'Transports, Session Management: a session is what relates requests to each other; without one a level or a subscription would end with the request that set it.',
    explains: ({ leg, method }, ours) => leg !== 'session' && SESSION_METHODS.has(method) && is(ours, 200, -32_600),
  },
  {
    ours: 'A subscription to what cannot be read is not found.',
    reason: 'Resources, Error Handling: what is not found is -32002; a subscription to it would never hear anything.',
    explains: ({ leg, method }, ours, official) =>
      leg === 'session' && method === 'resources/subscribe' && is(ours, 200, -32_002) && is(official, 200, 'ok'),
  },
  {
    ours: 'A session is initialized once: whatever else comes as initialize is -32600.',
    reason: 'Lifecycle: initialization is the first interaction, so nothing in a second one is looked at.',
    explains: ({ leg, method }, ours) => leg === 'session' && method === 'initialize' && is(ours, 400, -32_600),
  },
  {
    ours: 'Without a session the header says in what form answers come, and none says 2025-03-26: definitions and results of tools then lack what came later.',
    reason: 'Transports, Protocol Version Header: without the header a server should assume 2025-03-26.',
    explains: ({ leg, version, isStateless, method }, ours, official) =>
      leg !== 'session' &&
      !isStateless &&
      version !== '2025-11-25' &&
      TOOL_METHODS.has(method) &&
      is(ours, 200, 'ok') &&
      is(official, 200, 'ok'),
  },
  {
    ours: 'In the stateful era a header that names an unknown revision is -32600.',
    reason:
      'Transports, Protocol Version Header: the status is 400, the body is free; JSON-RPC 2.0, 5.1: -32600 is the code of an invalid request.',
    explains: (_, ours, official) => is(ours, 400, -32_600) && is(official, 400, -32_000),
  },
  {
    ours: 'In the stateful era a text that is no URI is a resource that is not found, with -32002.',
    reason: 'Server, Resources, Error Handling: -32002 is the code of what is not found there.',
    explains: ({ method }, ours, official) =>
      method === 'resources/read' && is(ours, 200, -32_002) && is(official, 200, -32_602),
  },
  {
    ours: 'Values of URI templates reach the handler percent-decoded.',
    reason: 'RFC 6570, 3.2.1: expansion percent-encodes values, so what was put in is the decoded one.',
    explains: ({ method, params }, ours, official) =>
      method === 'resources/read' && String(params.uri).includes('%') && is(ours, 200, 'ok') && is(official, 200, 'ok'),
  },
  {
    ours: 'An Mcp-Param header that cannot be read is -32020, also where the body has no value for it.',
    reason:
      'Streamable HTTP, Server Behavior for Custom Headers: a recognized header with invalid characters must be rejected.',
    explains: ({ method, params, param }, ours) =>
      method === 'tools/call' && params.name === 'look' && param === UNREADABLE && is(ours, 400, -32_020),
  },
  {
    ours: 'A message that carries client capabilities in _meta is of the stateless era: a request that names no revision there is -32602, and a notification is held against its headers.',
    reason: 'Basic, _meta of 2026-07-28: no other revision knows the key, and a missing version is -32602.',
    explains: ({ hasCapabilities, isStateless, message }, ours) =>
      hasCapabilities &&
      !isStateless &&
      (is(ours, 400, -32_602) || (message.id === undefined && (is(ours, 400, -32_022) || is(ours, 400, -32_020)))),
  },
  {
    ours: 'A notification of a revision that is not spoken is -32022, whatever its Mcp-Method says, as a request is.',
    reason:
      'Streamable HTTP of 2026-07-28: what Mcp-Method has to be is said by the revision, which is not known here.',
    explains: ({ message }, ours, official) =>
      message.id === undefined && is(ours, 400, -32_022) && is(official, 400, -32_020),
  },
  {
    ours: 'What does not depend on the answer, such as Content-Type and the form of the body, is told before Accept is looked at.',
    reason: 'Transports prescribe no order of these checks, and what is wrong with a body is so for every reader.',
    explains: (_, ours, official) => official.status === 406 && (ours.status === 415 || is(ours, 400, -32_700)),
  },
  {
    ours: 'A response with members that JSON-RPC does not know for one is a response, and is accepted.',
    reason: 'JSON-RPC 2.0 forbids none, and newer revisions may add some.',
    explains: ({ method, message }, ours, official) =>
      method === undefined && Object.hasOwn(message, 'result') && ours.status === 202 && isUnread(official),
  },
  {
    ours: 'The header is not looked at for initialize: the parameters name the revision.',
    reason: 'Lifecycle, Version Negotiation: it is by initialize that a revision is agreed on.',
    explains: ({ method }, _, official) => method === 'initialize' && is(official, 400, -32_000),
  },
  {
    ours: 'Where batches are spoken, each element is answered by itself, and answers come in the order of the requests.',
    reason: 'JSON-RPC 2.0, 6: an element that is no request gets an error of its own; the order is free.',
    explains: ({ isBatch }, ours) => isBatch && ours.status === 200,
  },
]

/** Base64 without its padding. */
const UNREADABLE = '=?base64?Z3LDvG4?='

const TOOL_METHODS: ReadonlySet<unknown> = new Set(['tools/list', 'tools/call'])

const SESSION_METHODS: ReadonlySet<unknown> = new Set([
  'logging/setLevel',
  'resources/subscribe',
  'resources/unsubscribe',
])

/** An answer in brief. */
export function outcomeOf({ status, messages }: Told): Outcome {
  return { status, kinds: messages.map(kindOf) }
}

function kindOf(message: unknown): Outcome['kinds'][number] {
  const { error, result } = Object(message)
  if (error !== undefined) return Number(error.code)
  return result?.isError === true ? 'failed' : 'ok'
}

/** Whether a message was taken for none. */
function isUnread(outcome: Outcome): boolean {
  return is(outcome, 400, -32_600) || is(outcome, 400, -32_700)
}

function is({ status, kinds }: Outcome, wanted: number, kind: Outcome['kinds'][number]): boolean {
  return status === wanted && kinds.length === 1 && kinds[0] === kind
}
