/**
 * One of everything: each kind of content, notification, resource and prompt. The judges in
 * `tests/judges` call it by the names that the official conformance suite prescribes.
 *
 *     npx fastmcp run examples/everything/server.ts --transport http --port 8000
 */
import { skills } from '@fastmcp/ts/skills'
import { mcp } from './everything.ts'

mcp.extend(skills(new URL('skills/', import.meta.url)))

export { mcp }
