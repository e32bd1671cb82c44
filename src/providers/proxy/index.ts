/**
 * Servers elsewhere as sources of this one (door `@fastmcp/ts/proxy`).
 *
 * @module
 */
export type { ProxiedServer, ProxyConfig } from './config.ts'
export type { ProxyOptions, ProxyTarget } from './options.ts'
export { definitionHash, type PinOptions } from './pins.ts'
export { proxy } from './proxy.ts'
