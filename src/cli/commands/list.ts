import type { Run } from '../command.ts'
import { misuse } from '../failure.ts'
import { type Listing, listAll } from '../listing.ts'
import { openClient } from '../open-client.ts'
import type { Output } from '../output.ts'
import { argumentsOf } from '../schema-shape.ts'
import { showJson } from '../show.ts'
import { columns, indent } from '../table.ts'

/** Lists what a server offers. */
export const run: Run = async (words, output) => {
  await using opened = await openClient(words)
  const { client, words: extra } = opened
  if (extra[0] !== undefined) throw misuse(`Cannot tell what "${extra[0]}" is for`, 'list takes a target alone.')
  const listing = await listAll(client)
  output.print(words.flags.has('json') ? showJson(listing) : showLists(listing, output))
  return 0
}

function showLists({ tools, resources, templates, prompts }: Listing, { width, paint }: Output): string {
  const sections: [title: string, rows: string[][]][] = [
    ['Tools', tools.map((tool) => [tool.name, names(argumentsOf(tool.inputSchema)), about(tool)])],
    ['Resources', resources.map((resource) => [resource.uri, resource.mimeType ?? '', about(resource)])],
    ['Templates', templates.map((template) => [template.uriTemplate, template.mimeType ?? '', about(template)])],
    ['Prompts', prompts.map((prompt) => [prompt.name, names(prompt.arguments ?? []), about(prompt)])],
  ]
  const shown = sections
    .filter(([, rows]) => rows.length > 0)
    .map(
      ([title, rows]) =>
        `${paint('bold', `${title} (${rows.length})`)}\n${indent(columns(rows, width - 2).join('\n'))}`,
    )
  return shown.length === 0 ? 'The server offers nothing.' : shown.join('\n\n')
}

function names(known: readonly { readonly name: string; readonly required?: boolean }[]): string {
  return known.map(({ name, required }) => (required ? name : `${name}?`)).join(' ')
}

function about({ title, description }: { readonly title?: string; readonly description?: string }): string {
  return description ?? title ?? ''
}
