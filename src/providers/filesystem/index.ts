/**
 * A folder of files that export components, as a source (door `@fastmcp/ts/filesystem`).
 *
 * @module
 */
export { type FilesystemOptions, type FilesystemProvider, filesystem } from './filesystem.ts'
export { safeJoin } from './safe-join.ts'
