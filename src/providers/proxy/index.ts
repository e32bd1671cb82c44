/**
 * Servers elsewhere as sources of this one (door `@fastmcp/ts/proxy`).
 *
 * @module
 */
export { definitionHash, type PinOptions } from './pins.ts'
export { type ProxyOptions, type ProxyTarget, proxy } from './proxy.ts'
