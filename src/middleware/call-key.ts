import { type Auth, principalOf } from '../engine/auth.ts'
import { canonical } from '../engine/canonical.ts'
import type { ToolDefinition } from '../protocol/definitions.ts'

/** What a result depends on. */
export interface Dependence {
  /** As the server calls it that the layer belongs to. */
  readonly tool: string
  /** The very definition: another one, even of the same name, gives other results. */
  readonly definition: ToolDefinition
  /** The version of the tool that was asked for, if any. */
  readonly version: string | undefined
  readonly caller: string
  readonly args: Readonly<Record<string, unknown>> | undefined
  /** What else, as the author says. */
  readonly also: string
}

/** One text for a caller and what they may do. Anonymous callers share the empty one. */
export function callerOf(auth: Auth | undefined): string {
  if (auth === undefined) return ''
  const { scopes = [] } = auth
  return `${principalOf(auth)} ${JSON.stringify(scopes.toSorted())}`
}

/** Makes a function that gives one text for one dependence; in this process only. */
export function createCallKeys(): (on: Dependence) => string {
  const serials = new WeakMap<ToolDefinition, number>()
  let last = 0
  const serialOf = (definition: ToolDefinition): number => {
    const serial = serials.get(definition) ?? ++last
    serials.set(definition, serial)
    return serial
  }
  // No part but the last can hold a line break as it is: they are JSON. Joined to one piece, for the key is kept, and a
  // string that is added up would keep all its parts.
  return ({ tool, definition, caller, args, also }) =>
    [JSON.stringify(tool), serialOf(definition), caller, canonical(args ?? NO_ARGUMENTS), also].join('\n')
}

const NO_ARGUMENTS = Object.freeze({})

/** What all keys of a tool begin with, and no keys of another. */
export function prefixOf(tool: string): string {
  return `${JSON.stringify(tool)}\n`
}

/** The same for all processes with the same definition, as a digest: nothing of a caller or an argument can be read from it. */
export async function digestOf({ definition, version, caller, args, also }: Dependence): Promise<string> {
  const text = canonical([definition, version ?? '', caller, args ?? NO_ARGUMENTS, also])
  const digest = await crypto.subtle.digest('SHA-256', new TextEncoder().encode(text))
  return Array.from(new Uint8Array(digest), (byte) => byte.toString(16).padStart(2, '0')).join('')
}
