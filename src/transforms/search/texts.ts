import type { Tool } from '../../components/component.ts'

/** What is said of a tool, by how much it tells of what the tool is for. */
export interface ToolTexts {
  readonly name: string
  readonly title: string
  readonly description: string
  /** Names and descriptions of arguments, of those inside others too. */
  readonly args: string
  readonly tags: string
}

const MOST_SCHEMAS = 500

/** Gathers what is said of a tool. */
export function textsOf({ definition, tags }: Tool): ToolTexts {
  const { name, title, annotations, description = '', inputSchema } = definition
  return {
    name,
    title: title ?? annotations?.title ?? '',
    description,
    args: argsOf(inputSchema).join('\n'),
    tags: tags.join(' '),
  }
}

function argsOf(schema: unknown): readonly string[] {
  const texts: string[] = []
  const open: unknown[] = [schema]
  for (let read = 0; read < open.length && read < MOST_SCHEMAS; read++) {
    const node = open[read]
    if (typeof node !== 'object' || node === null) continue
    const { properties, description, items, enum: values, anyOf, oneOf, allOf, $defs } = node as Keywords
    if (read > 0 && typeof description === 'string') texts.push(description)
    if (Array.isArray(values)) texts.push(...values.filter((value) => typeof value === 'string').slice(0, 50))
    if (isRecord(properties)) {
      texts.push(...Object.keys(properties))
      open.push(...Object.values(properties))
    }
    if (isRecord($defs)) open.push(...Object.values($defs))
    for (const part of [items, anyOf, oneOf, allOf]) open.push(...(Array.isArray(part) ? part : [part]))
  }
  return texts
}

/** The keywords of a schema that are read here, unchecked. */
type Keywords = Readonly<
  Partial<Record<'properties' | 'description' | 'items' | 'enum' | 'anyOf' | 'oneOf' | 'allOf' | '$defs', unknown>>
>

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
