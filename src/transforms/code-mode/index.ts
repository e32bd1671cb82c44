/**
 * Lets a model write code against the tools of a server, run in a sandbox.
 *
 * @module
 */
export { type CodeModeOptions, codeMode } from './code-mode.ts'
export type { CodeLimits } from './limits.ts'
