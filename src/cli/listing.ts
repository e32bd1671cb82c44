import type { Client } from '../client/index.ts'

/** Everything that a server lists. */
export interface Listing {
  readonly tools: Awaited<ReturnType<Client['tools']>>
  readonly resources: Awaited<ReturnType<Client['resources']>>
  readonly templates: Awaited<ReturnType<Client['templates']>>
  readonly prompts: Awaited<ReturnType<Client['prompts']>>
}

/** Asks a server for all four lists. */
export async function listAll(client: Client): Promise<Listing> {
  const [tools, resources, templates, prompts] = await Promise.all([
    client.tools(),
    client.resources(),
    client.templates(),
    client.prompts(),
  ])
  return { tools, resources, templates, prompts }
}
