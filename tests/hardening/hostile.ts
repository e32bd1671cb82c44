import { expect } from 'vitest'
import { z } from 'zod'
import { FastMCP } from '../../src/index.ts'
import type { Listening, ListenOptions } from '../../src/transports/node/listen.ts'
import { postText, type RawAnswer, sendRaw } from '../kit/raw-socket.ts'
import { headersOf, META } from '../kit/stateless.ts'

/** Stands for whatever must never leave a server. */
export const CANARY = 'canary-7f3a9c'

/** A real server, and what it was made to do. */
export interface Target {
  readonly mcp: FastMCP
  readonly port: number
  /** Arguments as handlers saw them. */
  readonly seen: unknown[]
  readonly reported: Error[]
  stop(): Promise<void>
}

/** Serves a few tools on a free port, with the options that a test is about. */
export async function startTarget(options: ListenOptions = {}): Promise<Target> {
  const seen: unknown[] = []
  const reported: Error[] = []
  const mcp = hostileServer(seen, reported)
  const listening: Listening = await mcp.listen({ port: 0, drainMs: 200, ...options })
  return { mcp, port: listening.port, seen, reported, stop: () => listening.close() }
}

export function hostileServer(seen: unknown[] = [], reported: Error[] = []): FastMCP {
  const mcp = new FastMCP({ name: 'target', version: '1.0.0', onError: (problem) => reported.push(problem) })
  mcp.tool('add', { description: 'Adds', input: z.object({ a: z.number(), b: z.number() }) }, ({ a, b }) => a + b)
  mcp.tool('echo', { description: 'Takes anything', input: { type: 'object' } }, (args) => {
    seen.push(args)
    return 'taken'
  })
  mcp.tool('fail', { description: 'Fails' }, () => {
    throw new Error(CANARY)
  })
  mcp.resource('config://app', { mimeType: 'text/plain' }, () => 'settings')
  mcp.prompt('greet', { description: 'Greets' }, () => 'Hello')
  return mcp
}

/** A request that needs nothing before it, as the text of a plain POST. */
export const plain = (method: string, params: unknown = {}, id: unknown = 1): string =>
  JSON.stringify({ jsonrpc: '2.0', id, method, params })

/** The parts of an error answer. */
export interface Failure {
  readonly status: number
  readonly code: number | undefined
  readonly id: unknown
}

/** Posts text as it is. */
export const post = (port: number, body: string, headers: readonly (readonly [string, string])[] = []) =>
  sendRaw(port, postText(port, body, headers))

/** Posts a request of the stateless era with its envelope and headers; `changed` replaces headers. */
export function postModern(
  port: number,
  method: string,
  { params = {}, id = 1, changed = {} }: { params?: object; id?: unknown; changed?: Record<string, string> } = {},
): Promise<RawAnswer> {
  const message = { jsonrpc: '2.0', id, method, params: { ...params, _meta: META } }
  const headers = [...headersOf(message as unknown as Record<string, unknown>, changed)]
  return post(port, JSON.stringify(message), headers)
}

export function failureOf({ status, body }: RawAnswer): Failure {
  const message: unknown = JSON.parse(body)
  const { error, id } = message as { error?: { code: number }; id?: unknown }
  return { status, code: error?.code, id }
}

/** What no answer may show: a stack, a path of this machine, a secret. */
export function expectDiscreet(answer: { readonly head?: string; readonly body: string }): void {
  const text = `${answer.head ?? ''}\n${answer.body}`
  expect(text).not.toMatch(/\n\s+at |node:internal|node_modules|\/work\/|\/src\/|\.ts:\d+/)
  expect(text).not.toContain(CANARY)
}

/** The next request is served, on a connection of its own, and nothing was reported that should not be. */
export async function expectServing({ port }: { readonly port: number }): Promise<void> {
  const answer = await post(port, plain('tools/call', { name: 'add', arguments: { a: 1, b: 2 } }))
  expect(answer.status).toBe(200)
  expect(JSON.parse(answer.body).result.content).toEqual([{ type: 'text', text: '3' }])
}
