import type { Application } from '../engine/application.ts'
import type { Awaitable } from '../engine/call.ts'
import { ERROR_CODES, McpError } from '../protocol/errors.ts'
import { type Received, receive } from '../protocol/json-rpc.ts'
import { parseMessage } from '../protocol/parse.ts'
import { createStatefulEra, STATEFUL_REVISIONS } from './2025-11-25/era.ts'
import { claimsStateless, createStatelessEra, STATELESS_REVISIONS } from './2026-07-28/era.ts'
import { failureText } from './encode.ts'
import { ERA_OPTIONS, type EraOptions, type Wire } from './era.ts'
import type { Answer, Exchange } from './exchange.ts'

/** A connection, from the transport's side: text in, and the end of it. */
export interface Connection {
  /** Whether a request is still being answered. */
  readonly busy: boolean
  /** Takes the text of one message. Never throws. */
  receive(text: string): void
  /** Tells the eras that the peer is gone. Never throws. */
  close(reason?: Error): void
}

/** All eras behind one door: what every transport serves. */
export interface Eras {
  /** Every revision that the server speaks, newest first. */
  readonly revisions: readonly string[]
  /** Answers one HTTP exchange. Never rejects. */
  exchange(exchange: Exchange): Awaitable<Answer>
  connect(wire: Wire): Connection
  /** Ends sessions and streams gracefully. */
  close(): void
}

/** Serves an application in every era at once; each message finds its own. */
export function createEras(application: Application, options: EraOptions = ERA_OPTIONS): Eras {
  const revisions = [...STATELESS_REVISIONS, ...STATEFUL_REVISIONS]
  const stateful = createStatefulEra(application, options, revisions)
  const stateless = createStatelessEra(application, options, revisions)

  return {
    revisions,
    exchange(exchange) {
      if (exchange.verb !== 'POST') return stateful.exchange(exchange, undefined)
      const received = read(exchange.text)
      if (received instanceof McpError) return failure(received)
      const era = claimsStateless(received, exchange.header('mcp-protocol-version')) ? stateless : stateful
      return era.exchange(exchange, received)
    },
    connect(wire) {
      const modern = stateless.connect(wire)
      const classic = stateful.connect(wire)
      return {
        get busy() {
          return modern.busy || classic.busy
        },
        receive(text) {
          const received = read(text)
          if (received instanceof McpError) return wire.send(failureText(undefined, received))
          if (claimsStateless(received, undefined)) return modern.receive(received)
          // A cancellation names a request and no era: each era ignores what it has not in flight.
          if (received.kind === 'notification') modern.receive(received)
          classic.receive(received)
        },
        close(reason = new McpError('CANCELLED', 'The connection was closed')) {
          modern.close(reason)
          classic.close(reason)
        },
      }
    },
    close() {
      stateless.close()
      stateful.close()
    },
  }
}

/** Text to a received message or batch; a batch is `invalid` to every era but knows its elements. */
function read(text: string): Received | McpError {
  try {
    const value = parseMessage(text)
    return Array.isArray(value) ? { kind: 'batch', elements: value } : receive(value)
  } catch (problem) {
    return problem instanceof McpError
      ? problem
      : new McpError('PARSE_ERROR', 'The message cannot be read', { cause: problem })
  }
}

function failure(problem: McpError): Answer {
  return { status: ERROR_CODES[problem.code].http, body: failureText(undefined, problem) }
}
