import type { CallToolResult, GetPromptResult, ReadResourceResult } from '../protocol/methods.ts'
import type { OuterServer } from './outer-server.ts'

/**
 * The server around a handler, as the caller sees it: what is asked here goes the way that a call of the client goes, through
 * every layer, with the rights of the caller. Names and URIs are those that the handler's own server knows.
 */
export class Surroundings {
  readonly #outer: OuterServer

  constructor(outer: OuterServer) {
    this.#outer = outer
  }

  /** Calls a tool. What fails is `isError`; rejects where the caller has no such tool. */
  callTool(name: string, args: Readonly<Record<string, unknown>> = {}): Promise<CallToolResult> {
    return this.#outer.ask('tools/call', { name: this.#outer.outside('tool', name), arguments: args })
  }

  /** Reads a resource. Rejects where the caller could not read it. */
  readResource(uri: string): Promise<ReadResourceResult> {
    return this.#outer.ask('resources/read', { uri: this.#outer.outside('resource', uri) })
  }

  /** Gets a prompt. Rejects where the caller could not get it. */
  getPrompt(name: string, args: Readonly<Record<string, string>> = {}): Promise<GetPromptResult> {
    return this.#outer.ask('prompts/get', { name: this.#outer.outside('prompt', name), arguments: args })
  }
}
