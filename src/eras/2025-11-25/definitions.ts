import type { JsonSchema, PromptDefinition, ToolDefinition } from '../../protocol/definitions.ts'
import { isRecord } from '../../protocol/json-rpc.ts'
import { isObjectRoot, objectRoot, wrapRoot } from '../../schema/root.ts'
import type { Revision } from './revisions.ts'

interface Described {
  readonly title?: string
  readonly icons?: unknown
  readonly _meta?: unknown
}

/** A definition without the members that came after the revision. */
export function definitionFor<D extends Described>(revision: Revision, definition: D): D {
  if (revision.icons) return definition
  const { icons: _, ...older } = definition
  if (revision.titles) return older as D // `icons` is optional in every definition
  const { title: __, _meta: ___, ...oldest } = older
  return oldest as D // so are `title` and `_meta`
}

/** A prompt, whose arguments have titles of their own. */
export function promptFor(revision: Revision, prompt: PromptDefinition): PromptDefinition {
  const known = definitionFor(revision, prompt)
  if (revision.titles || known.arguments === undefined) return known
  return { ...known, arguments: known.arguments.map(({ title: _, ...argument }) => argument) }
}

/** A tool: its hints, and schemas of the form that the revision allows. */
export function toolFor(revision: Revision, tool: ToolDefinition): ToolDefinition {
  const { annotations, outputSchema, inputSchema, ...rest } = definitionFor(revision, tool)
  const shown = { ...rest, inputSchema: plainProperties(inputSchema) }
  const hints = hintsFor(revision, tool)
  const output = revision.structured && outputSchema !== undefined ? rootFor(outputSchema) : undefined
  return {
    ...shown,
    ...(hints !== undefined && { annotations: hints }),
    ...(output !== undefined && { outputSchema: output }),
  }
}

/** Where a tool cannot have a title of its own, its hints can. */
function hintsFor(revision: Revision, { title, annotations }: ToolDefinition): ToolDefinition['annotations'] {
  if (!revision.toolAnnotations) return undefined
  if (revision.titles || title === undefined) return annotations
  return { title, ...annotations }
}

/** These revisions demand an output schema that says at its root that it is of an object. */
function rootFor(schema: JsonSchema): JsonSchema {
  const root = isObjectRoot(schema) ? objectRoot(schema) : wrapRoot(schema)
  return plainProperties(root)
}

/** In these revisions a property's schema is an object: `true` and `false` are said as one. The very same where there is none. */
function plainProperties<S extends JsonSchema>(root: S): S {
  const { properties } = root
  if (!isRecord(properties) || !Object.values(properties).some((schema) => typeof schema === 'boolean')) return root
  const plainly = Object.entries(properties).map(([name, schema]) => [name, plain(schema)])
  return { ...root, properties: Object.fromEntries(plainly) }
}

function plain(schema: unknown): unknown {
  if (typeof schema !== 'boolean') return schema
  return schema ? {} : { not: {} }
}
