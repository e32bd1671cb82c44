import type { Client } from '../../client/index.ts'
import type { Run } from '../command.ts'
import { misuse } from '../failure.ts'
import { openClient } from '../open-client.ts'
import { argumentsOf } from '../schema-shape.ts'
import { section, showJson } from '../show.ts'

/** Lists what a server offers. */
export const run: Run = async (words, output) => {
  const { client, words: extra } = await openClient(words)
  await using _ = client
  if (extra[0] !== undefined) throw misuse(`Cannot tell what "${extra[0]}" is for`, 'list takes a target alone.')
  const listed = await listAll(client)
  output.print(words.flags.has('json') ? showJson(listed) : showLists(listed, output.width))
  return 0
}

/** Everything that a server lists. */
export interface Listed {
  readonly tools: Awaited<ReturnType<Client['tools']>>
  readonly resources: Awaited<ReturnType<Client['resources']>>
  readonly templates: Awaited<ReturnType<Client['templates']>>
  readonly prompts: Awaited<ReturnType<Client['prompts']>>
}

/** Asks for all four lists. */
export async function listAll(client: Client): Promise<Listed> {
  const [tools, resources, templates, prompts] = await Promise.all([
    client.tools(),
    client.resources(),
    client.templates(),
    client.prompts(),
  ])
  return { tools, resources, templates, prompts }
}

function showLists({ tools, resources, templates, prompts }: Listed, width: number): string {
  const lines = [
    ...section(
      'Tools',
      tools.map((tool) => [tool.name, names(argumentsOf(tool.inputSchema)), about(tool)]),
      width,
    ),
    ...section(
      'Resources',
      resources.map((resource) => [resource.uri, resource.mimeType ?? '', about(resource)]),
      width,
    ),
    ...section(
      'Templates',
      templates.map((template) => [template.uriTemplate, template.mimeType ?? '', about(template)]),
      width,
    ),
    ...section(
      'Prompts',
      prompts.map((prompt) => [prompt.name, names(prompt.arguments ?? []), about(prompt)]),
      width,
    ),
  ]
  return lines.length === 0 ? 'The server offers nothing.' : lines.join('\n').trimEnd()
}

function names(known: readonly { readonly name: string; readonly required?: boolean }[]): string {
  return known.map(({ name, required }) => (required ? name : `${name}?`)).join(' ')
}

function about({ title, description }: { readonly title?: string; readonly description?: string }): string {
  return description ?? title ?? ''
}
