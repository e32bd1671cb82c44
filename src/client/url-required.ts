import { ProtocolError } from '@modelcontextprotocol/client'
import { isRecord } from '../protocol/json-rpc.ts'

/** An address that the user must have been at before a call can go on. */
export interface UrlRequired {
  readonly url: string
  readonly message: string
}

/** The code of the stateful era for it (2025-11-25 client/elicitation, URL Elicitation Required Error). */
const URL_REQUIRED = -32_042

/** The addresses that an error wants visited first; undefined for any other error. */
export function addressesIn(problem: unknown): readonly UrlRequired[] | undefined {
  if (!ProtocolError.isInstance(problem) || problem.code !== URL_REQUIRED || !isRecord(problem.data)) return undefined
  const { elicitations } = problem.data
  if (!Array.isArray(elicitations) || elicitations.length === 0) return undefined
  const addresses = elicitations
    .filter(isRecord)
    .map(({ url, message }) => ({ url: String(url), message: String(message ?? '') }))
  return addresses.length === elicitations.length ? addresses : undefined
}
