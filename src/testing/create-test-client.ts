import { type Auth, type Client, type ConnectOptions, connect, type ServerObject } from '../client/index.ts'

/** How a test client meets the server; everything that `connect` takes counts too. */
export interface TestClientOptions extends Omit<ConnectOptions, 'headers' | 'fetch' | 'stderr' | 'graceTimeout'> {
  /** The way of speaking MCP; `auto` takes the newest. */
  readonly era?: 'auto' | 'stateless' | 'stateful'
  /** Who the server shall think is calling: what `authenticate` would have found out. */
  readonly auth?: Auth
}

/**
 * A client of a server in this process, with no port and no child: it speaks real MCP in the era
 * that you name, so what passes here passes on the wire.
 *
 * @example
 * it('adds', async () => {
 *   await using client = await createTestClient(mcp, { era: 'stateless' })
 *   expect((await client.callTool('add', { a: 1, b: 2 })).data).toBe(3)
 * })
 */
export function createTestClient(server: ServerObject, options: TestClientOptions = {}): Promise<Client> {
  return connect(server, options)
}
