import { McpError } from './errors.ts'

/** The error of a URI that nothing is behind, or nothing that the caller may see (2026-07-28 server/resources, Error Handling). */
export function resourceNotFound(uri: string): McpError {
  return new McpError('RESOURCE_NOT_FOUND', `Resource not found: ${uri.slice(0, 200)}`, { data: { uri } })
}
