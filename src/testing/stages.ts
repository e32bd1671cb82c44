import { PassThrough } from 'node:stream'
import type { ConnectOptions, SingleTarget } from '../client/index.ts'
import type { FastMCP } from '../index.ts'

/** A server put behind a transport, and how a client reaches it. */
export interface Stage {
  readonly target: SingleTarget
  readonly options?: ConnectOptions
  /** Takes the transport down again, after its client. */
  close(): Promise<void>
}

/** How messages travel between client and server. */
export type TransportName = 'memory' | 'stdio' | 'http' | 'fetch'

/** Puts a server behind each transport for real, as far as one process reaches. */
export const STAGES: Readonly<Record<TransportName, (server: FastMCP) => Promise<Stage>>> = {
  memory: async (server) => ({ target: server, close: async () => undefined }),
  stdio: async (server) => {
    const [input, output] = [new PassThrough(), new PassThrough()]
    const running = server.run({ transport: 'stdio', input, output })
    return {
      target: { input: output, output: input },
      close: async () => {
        input.end()
        await running
      },
    }
  },
  http: async (server) => {
    const { url, close } = await server.listen({ port: 0 })
    return { target: url, close }
  },
  fetch: async (server) => ({
    target: 'http://localhost/mcp',
    options: { fetch: async (url, init) => server.fetch(new Request(url, init)) },
    close: async () => undefined,
  }),
}
