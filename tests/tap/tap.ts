import { isStateless, requestProblem, resultProblem } from './era-rules.ts'
import { ASKS, MESSAGE, NOTIFICATIONS, problemIn, REQUESTS } from './schemas.ts'

type Json = Readonly<Record<string, unknown>>

/** Who sent a message. */
export type Side = 'client' | 'server'

/** A message that should not have been sent. */
export interface Invalid {
  readonly from: Side
  readonly problem: string
  readonly message: string
}

/** A request that was seen, by which its answer is judged. */
interface Asked {
  readonly method: string
  readonly stateless: boolean
}

/** The name by which a server of a test says that it breaks rules on purpose. */
const LIAR = '"name":"liar"'

/**
 * Reads along with one conversation and judges every message by the schema of its method and the rules of its era.
 * Nothing is judged from the moment that a server introduces itself as `liar`.
 */
export class Tap {
  readonly invalid: Invalid[] = []
  /** How many messages were judged. */
  seen = 0
  #isLiar = false
  readonly #asked: Readonly<Record<Side, Map<unknown, Asked>>> = { client: new Map(), server: new Map() }

  /** Takes the text of a message or of a batch. */
  take(from: Side, text: string): void {
    this.#isLiar ||= from === 'server' && text.includes(LIAR)
    if (this.#isLiar) return
    const parsed = parse(text)
    const messages: readonly unknown[] = Array.isArray(parsed) ? parsed : [parsed]
    for (const message of messages) {
      this.seen++
      const problem = this.#problem(from, message)
      if (problem !== undefined) this.invalid.push({ from, problem, message: text.slice(0, 1_000) })
    }
  }

  #problem(from: Side, message: unknown): string | undefined {
    const problem = problemIn(message, MESSAGE)
    if (problem !== undefined) return problem
    const json = message as Json // it is a JSON-RPC message
    if (json.method === undefined) return this.#answerProblem(from, json)
    return json.id === undefined ? notificationProblem(json) : this.#requestProblem(from, json)
  }

  #requestProblem(from: Side, { id, method, params }: Json): string | undefined {
    const stateless = isStateless(params)
    const name = String(method)
    this.#asked[from].set(id, { method: name, stateless })
    if (from === 'server' && [...this.#asked.client.values()].every((asked) => asked.stateless)) {
      return 'a server asks nothing in the stateless era'
    }
    return (stateless ? requestProblem(params) : undefined) ?? askProblem(name, params)
  }

  #answerProblem(from: Side, { id, result }: Json): string | undefined {
    // What an error says is free, and its form was judged with that of all messages.
    if (result === undefined) return undefined
    const asked = this.#asked[from === 'server' ? 'client' : 'server'].get(id)
    if (asked === undefined) return 'nobody asked for this'
    const json = result as Json // a result is an object
    const schemas = REQUESTS.get(asked.method)
    const schema = asked.stateless ? schemas?.result : (schemas?.earlierResult ?? schemas?.result)
    if (from === 'client') return schema && problemIn(json, schema)
    const problem = resultProblem(json, asked)
    if (problem !== undefined) return problem
    if (json.resultType === 'input_required') return inputProblem(json)
    // Of methods that belong to an extension of a test nobody wrote a schema.
    return schema && problemIn(json, schema)
  }
}

function notificationProblem({ method, params }: Json): string | undefined {
  const schema = NOTIFICATIONS.get(String(method))
  return schema === undefined ? undefined : problemIn({ method, ...(params !== undefined && { params }) }, schema)
}

function askProblem(method: string, params: unknown): string | undefined {
  const schema = REQUESTS.get(method)?.request
  return schema && problemIn({ method, ...(params !== undefined && { params }) }, schema)
}

/** A result that asks: every question is one of the protocol, and something is asked or kept. */
function inputProblem({ inputRequests, requestState }: Json): string | undefined {
  if (requestState !== undefined && typeof requestState !== 'string') return 'requestState must be a string'
  if (inputRequests === undefined) return requestState === undefined ? 'it asks nothing and keeps nothing' : undefined
  for (const [key, ask] of Object.entries(inputRequests as Readonly<Record<string, Json>>)) {
    const schema = ASKS.get(String(ask.method))
    const problem = schema === undefined ? `${ask.method} is no question` : problemIn(ask, schema)
    if (problem !== undefined) return `inputRequests.${key}: ${problem}`
  }
  return undefined
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
