import { type Auth, type Client, type ConnectOptions, connect, type ServerObject } from '../client/index.ts'
import type { Context, Dependency } from '../index.ts'

/** How a test client meets the server; everything that `connect` takes counts too. */
export interface TestClientOptions<Made extends readonly unknown[] = readonly unknown[]>
  extends Omit<ConnectOptions, 'headers' | 'fetch' | 'stderr' | 'graceTimeout'> {
  /** The way of speaking MCP; `auto` takes the newest. */
  readonly era?: 'auto' | 'stateless' | 'stateful'
  /** Who the server shall think is calling: what `authenticate` would have found out. */
  readonly auth?: Auth
  /**
   * What calls of this client get in place of a dependency, with what makes it; it is disposed of in the same way. Other
   * clients get the real one.
   */
  readonly replace?: { readonly [K in keyof Made]: Replacement<Made[K]> }
}

/** A dependency, and what makes something of the same type in its place. */
export type Replacement<T> = readonly [
  dependency: Dependency<T, never>,
  make: (ctx: Context) => NoInfer<T> | Promise<NoInfer<T>>,
]

/**
 * A client of a server in this process, with no port and no child: it speaks real MCP in the era
 * that you name, so what passes here passes on the wire.
 *
 * @example
 * it('adds', async () => {
 *   await using client = await createTestClient(mcp, { era: 'stateless' })
 *   expect((await client.callTool('add', { a: 1, b: 2 })).data).toBe(3)
 * })
 *
 * @example
 * const client = await createTestClient(mcp, { replace: [[clock, () => ({ now: () => 0 })]] })
 */
export function createTestClient<const Made extends readonly unknown[] = readonly []>(
  server: ServerObject,
  { replace, ...options }: TestClientOptions<Made> = {},
): Promise<Client> {
  if (replace === undefined) return connect(server, options)
  const replacements = new Map<unknown, unknown>(replace as readonly Replacement<unknown>[]) // which `Made` is a list of
  const open: ServerObject['~connect'] = (given) => {
    const known = { ...given, replacements }
    return server['~connect'](known)
  }
  return connect({ '~connect': open }, options)
}
