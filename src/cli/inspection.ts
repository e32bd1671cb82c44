import type { Client } from '../client/index.ts'
import { type Listing, listAll } from './listing.ts'
import { inputProblems, problemsIn } from './schema-problems.ts'

/** All that a server says of itself, and what is wrong with it. */
export interface Inspection extends Listing {
  readonly server: Client['serverInfo']
  readonly era: Client['era']
  readonly revision: string
  readonly capabilities: Client['capabilities']
  readonly instructions: string | undefined
  readonly counts: Readonly<Record<keyof Listing, number>>
  /** One line for each thing that a client may stumble over. */
  readonly problems: readonly string[]
}

/** Asks a server everything that it tells without being called. */
export async function inspectServer(client: Client): Promise<Inspection> {
  const { serverInfo: server, era, revision, capabilities, instructions } = client
  const listing = await listAll(client)
  const { tools, resources, templates, prompts } = listing
  const counts = {
    tools: tools.length,
    resources: resources.length,
    templates: templates.length,
    prompts: prompts.length,
  }
  return { server, era, revision, capabilities, instructions, counts, ...listing, problems: problemsOf(listing) }
}

/** What is wrong with the definitions of a server. */
export function problemsOf(listing: Listing): string[] {
  const { tools } = listing
  const silent = tools.filter(({ description }) => !description).map(({ name }) => `tool ${name}: has no description`)
  return [...tools.flatMap(schemaProblems), ...silent, ...listedTwice(listing)]
}

function schemaProblems({ name, inputSchema, outputSchema }: Listing['tools'][number]): string[] {
  const output = outputSchema === undefined ? [] : problemsIn(outputSchema)
  return [
    ...inputProblems(inputSchema).map(({ at, problem }) => `tool ${name}: inputSchema${at}: ${problem}`),
    ...output.map(({ at, problem }) => `tool ${name}: outputSchema${at}: ${problem}`),
  ]
}

function listedTwice({ tools, resources, templates, prompts }: Listing): string[] {
  const ids = [
    ...tools.map(({ name }) => `tool ${name}`),
    ...resources.map(({ uri }) => `resource ${uri}`),
    ...templates.map(({ uriTemplate }) => `template ${uriTemplate}`),
    ...prompts.map(({ name }) => `prompt ${name}`),
  ]
  const seen = new Set<string>()
  const twice = new Set<string>()
  for (const id of ids) (seen.has(id) ? twice : seen).add(id)
  return [...twice].map((id) => `${id}: is listed twice`)
}
