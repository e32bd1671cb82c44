import type { IsolatedClient, Tally } from './client.ts'
import { closeConnections } from './http.ts'
import { createServer } from './server.ts'
import { StatefulClient } from './stateful-client.ts'
import { StatelessClient } from './stateless-client.ts'

/** How many clients there are, and how many answers they want together. */
export interface Extent {
  readonly clients: number
  readonly responses: number
}

/** Lets clients of both eras do all they can at once, until they have had enough answers. */
export async function runIsolated({ clients: count, responses }: Extent): Promise<Tally> {
  const server = await createServer().listen({ port: 0 })
  const port = Number(new URL(server.url).port)
  const tally: Tally = { responses: 0, notices: 0, changes: 0, crossings: [] }
  const clients: readonly IsolatedClient[] = Array.from({ length: count }, (_, place) =>
    place % 2 === 0 ? new StatelessClient(port, tally) : new StatefulClient(port, tally, (place - 1) / 2),
  )
  try {
    await Promise.all(clients.map((client) => client.open()))
    await Promise.all(
      clients.map((client, place) => live(client, { clients, place, isEnough: () => tally.responses >= responses })),
    )
  } finally {
    for (const client of clients) client.close()
    closeConnections()
    await server.close()
  }
  return tally
}

interface Life {
  readonly clients: readonly IsolatedClient[]
  readonly place: number
  readonly isEnough: () => boolean
}

/** Each client begins at another kind of call, and has another neighbour every time. */
async function live(client: IsolatedClient, { clients, place, isEnough }: Life): Promise<void> {
  for (let turn = place; !isEnough(); turn++) {
    // An even distance leads to a client of the same era.
    const other = clients[(place + 2 * (turn + 1)) % clients.length] ?? client
    await client.step(turn, other)
  }
}
