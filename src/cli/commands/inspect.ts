import type { Client } from '../../client/index.ts'
import type { Run } from '../command.ts'
import { misuse } from '../failure.ts'
import { openClient } from '../open-client.ts'
import type { Output } from '../output.ts'
import { inputProblems, problemsIn } from '../schema-problems.ts'
import { type Argument, argumentsOf } from '../schema-shape.ts'
import { showJson } from '../show.ts'
import { columns, cut, indent, printable } from '../table.ts'
import { type Listed, listAll } from './list.ts'

/** Shows all that a server says of itself, and what is wrong with its definitions. */
export const run: Run = async (words, output) => {
  const { client, words: extra } = await openClient(words)
  await using _ = client
  if (extra[0] !== undefined) throw misuse(`Cannot tell what "${extra[0]}" is for`, 'inspect takes a target alone.')
  const inspection = await inspect(client)
  output.print(words.flags.has('json') ? showJson(inspection) : show(inspection, output))
  return 0
}

type Inspection = Awaited<ReturnType<typeof inspect>>

async function inspect(client: Client) {
  const { serverInfo, era, revision, capabilities, instructions } = client
  const listed = await listAll(client)
  const counts = Object.fromEntries(Object.entries(listed).map(([kind, items]) => [kind, items.length]))
  return {
    server: serverInfo,
    era,
    revision,
    capabilities,
    instructions,
    counts,
    ...listed,
    problems: problemsOf(listed),
  }
}

function problemsOf({ tools, resources, templates, prompts }: Listed): string[] {
  const schemas = tools.flatMap(({ name, inputSchema, outputSchema }) => [
    ...inputProblems(inputSchema).map(({ at, problem }) => `tool ${name}: inputSchema${at}: ${problem}`),
    ...(outputSchema === undefined ? [] : problemsIn(outputSchema)).map(
      ({ at, problem }) => `tool ${name}: outputSchema${at}: ${problem}`,
    ),
  ])
  const silent = tools.filter(({ description }) => !description).map(({ name }) => `tool ${name}: has no description`)
  const ids = [
    ...tools.map(({ name }) => `tool ${name}`),
    ...resources.map(({ uri }) => `resource ${uri}`),
    ...templates.map(({ uriTemplate }) => `template ${uriTemplate}`),
    ...prompts.map(({ name }) => `prompt ${name}`),
  ]
  const twice = new Set(ids.filter((id, index) => ids.indexOf(id) !== index))
  return [...schemas, ...silent, ...[...twice].map((id) => `${id}: is listed twice`)]
}

function show(inspection: Inspection, { paint, width }: Output): string {
  const { tools, resources, templates, prompts, problems } = inspection
  const title = (text: string, count: number): string => paint('bold', `${text} (${count})`)
  const block = (head: string, about: string | undefined, known: readonly Argument[] = []): string[] => [
    `  ${paint('cyan', printable(head))}`,
    ...(about ? columns([[about]], width - 4).map((line) => `    ${line}`) : []),
    ...argumentLines(known, width - 6).map((line) => `      ${line}`),
  ]
  const part = (name: string, blocks: readonly string[][]): string[] =>
    blocks.length === 0 ? [] : ['', title(name, blocks.length), ...blocks.flat()]
  return [
    ...facts(inspection, width),
    ...part(
      'Tools',
      tools.map((one) => block(one.name, one.description, argumentsOf(one.inputSchema))),
    ),
    ...part(
      'Resources',
      resources.map((one) => block(withType(one.uri, one.mimeType), one.description)),
    ),
    ...part(
      'Templates',
      templates.map((one) => block(withType(one.uriTemplate, one.mimeType), one.description)),
    ),
    ...part(
      'Prompts',
      prompts.map((one) => block(one.name, one.description, (one.arguments ?? []).map(promptArgument))),
    ),
    ...(problems.length === 0 ? ['', 'No problems found.'] : []),
    ...part(
      'Problems',
      problems.map((problem) => [`  ${paint('red', printable(problem))}`]),
    ),
  ].join('\n')
}

function facts({ server, era, revision, capabilities, instructions, counts }: Inspection, width: number): string[] {
  const name = server === undefined ? '(says nothing)' : `${server.name} ${server.version}`
  const rows = [
    ['Server', name],
    ...(server?.title ? [['Title', server.title]] : []),
    ...(server?.description ? [['About', server.description]] : []),
    ...(server?.websiteUrl ? [['Website', server.websiteUrl]] : []),
    ['Era', `${era}, revision ${revision}`],
    ['Capabilities', Object.keys(capabilities).join(', ') || 'none'],
    ['Offers', Object.entries(counts).map(counted).join(', ')],
  ]
  const told = instructions
    ? ['Instructions', ...instructions.split('\n').map((line) => cut(indent(printable(line)), width))]
    : []
  return [...columns(rows, width), ...told]
}

function counted([kinds, count]: [string, number]): string {
  return `${count} ${count === 1 ? kinds.slice(0, -1) : kinds}`
}

function argumentLines(known: readonly Argument[], width: number): string[] {
  return columns(
    known.map(({ name, type, required, description }) => [name, type, required ? 'required' : 'optional', description]),
    width,
  )
}

function promptArgument({
  name,
  required = false,
  description = '',
}: NonNullable<Inspection['prompts'][number]['arguments']>[number]): Argument {
  return { name, type: 'string', required, description }
}

function withType(uri: string, mimeType: string | undefined): string {
  return mimeType === undefined ? uri : `${uri}  ${mimeType}`
}
