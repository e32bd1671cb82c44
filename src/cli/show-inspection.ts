import type { Inspection } from './inspection.ts'
import type { Paint } from './output.ts'
import { type Argument, argumentsOf } from './schema-shape.ts'
import { columns, indent, printable } from './table.ts'

/** An inspection for people: facts, then every component with its arguments, then problems. */
export function showInspection(inspection: Inspection, paint: Paint): string {
  const { tools, resources, templates, prompts, problems } = inspection
  const part = (title: string, blocks: readonly string[]): string[] =>
    blocks.length === 0
      ? []
      : ['', paint('bold', `${title} (${blocks.length})`), ...blocks.map((block) => indent(block))]
  const one = (head: string, { description = '', known = [] }: Details): string =>
    [paint('cyan', printable(head)), indent(printable(description)), indent(argumentLines(known), '    ')]
      .filter((text) => text !== '')
      .join('\n')
  return [
    ...facts(inspection),
    ...part(
      'Tools',
      tools.map((tool) => one(tool.name, { ...tool, known: argumentsOf(tool.inputSchema) })),
    ),
    ...part(
      'Resources',
      resources.map((resource) => one(typed(resource.uri, resource), resource)),
    ),
    ...part(
      'Templates',
      templates.map((template) => one(typed(template.uriTemplate, template), template)),
    ),
    ...part(
      'Prompts',
      prompts.map((prompt) => one(prompt.name, { ...prompt, known: (prompt.arguments ?? []).map(text) })),
    ),
    ...part(
      'Problems',
      problems.map((problem) => paint('red', printable(problem))),
    ),
    ...(problems.length === 0 ? ['', 'No problems found.'] : []),
  ].join('\n')
}

interface Details {
  readonly description?: string
  readonly known?: readonly Argument[]
}

function facts({ server, era, revision, capabilities, instructions, counts }: Inspection): string[] {
  const offers = Object.entries(counts).map(([kinds, count]) => `${count} ${count === 1 ? kinds.slice(0, -1) : kinds}`)
  const rows = [
    ['Server', server === undefined ? '(says nothing)' : `${server.name} ${server.version}`],
    ['Title', server?.title],
    ['About', server?.description],
    ['Website', server?.websiteUrl],
    ['Era', `${era}, revision ${revision}`],
    ['Capabilities', Object.keys(capabilities).join(', ') || 'none'],
    ['Offers', offers.join(', ')],
  ]
  const known = rows.filter((row): row is [string, string] => row[1] !== undefined)
  return [...columns(known), ...(instructions ? ['Instructions', indent(printable(instructions))] : [])]
}

function argumentLines(known: readonly Argument[]): string {
  const rows = known.map(({ name, type, required, description }) => [
    name,
    type,
    required ? 'required' : 'optional',
    description,
  ])
  return columns(rows).join('\n')
}

/** Arguments of prompts are text, all of them. */
function text({
  name,
  required = false,
  description = '',
}: {
  name: string
  required?: boolean
  description?: string
}): Argument {
  return { name, type: 'string', required, description }
}

function typed(uri: string, { mimeType }: { readonly mimeType?: string }): string {
  return mimeType === undefined ? uri : `${uri}  ${mimeType}`
}
