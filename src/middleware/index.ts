export type { Middleware, Next } from './compose.ts'
export { type ErrorClass, type ErrorRule, errors, on } from './errors.ts'
export type { Matched, Pattern } from './match.ts'
export { perCaller } from './per-caller.ts'
