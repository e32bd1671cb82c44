import type { Kind } from '../../components/component.ts'
import { frozenCopy } from '../../components/metadata.ts'
import { DefinitionError } from '../../protocol/errors.ts'
import { isRecord } from '../../protocol/json-rpc.ts'
import { admitSchema } from '../../schema/admit.ts'
import { DECODING_MARK } from '../../schema/decoding.ts'
import { readHeaderParams } from '../../schema/header-params.ts'
import type { JsonSchema } from '../../schema/json-schema.ts'
import { isObjectRoot, isWrapped, objectRoot, unwrapRoot } from '../../schema/root.ts'
import { withoutReserved } from './chain.ts'
import type { AnyDefinition } from './lists.ts'

type Members = Readonly<Record<string, unknown>>

/** A definition that can be shown. */
export interface Admitted<K extends Kind> {
  readonly definition: AnyDefinition<K>
  /** Of a tool: its output schema is of something else than an object. */
  readonly isValue: boolean
}

/** The id of what a definition defines; undefined for what defines nothing. */
export function idOf(kind: Kind, definition: Members): string | undefined {
  const id = definition[kind === 'resource' ? 'uri' : kind === 'template' ? 'uriTemplate' : 'name']
  return typeof id === 'string' && id !== '' && id.length <= LONGEST_ID ? id : undefined
}

const LONGEST_ID = 8_192

/**
 * A definition of a server elsewhere, held against what clients can be shown: a frozen copy with schemas that are within the
 * limits and point nowhere else. Throws for one that cannot be, so that it alone is left out.
 */
export function admitDefinition<K extends Kind>(kind: K, given: Members): Admitted<K> {
  const label = `${kind} "${String(idOf(kind, given)).slice(0, 100)}"`
  checkMembers(kind, label, given)
  const { _meta, inputSchema, outputSchema, ...rest } = given
  const meta = isRecord(_meta) ? withoutReserved(_meta) : undefined
  const output = kind === 'tool' && isRecord(outputSchema) ? outputOf(outputSchema) : undefined
  const definition = {
    ...rest,
    ...(kind === 'tool' && { inputSchema: inputOf(label, inputSchema) }),
    ...(output !== undefined && { outputSchema: output }),
    ...(meta !== undefined && { _meta: meta }),
  }
  // Its kind says what members it has; those that are looked at here have been.
  const copy = frozenCopy(label, definition) as unknown as AnyDefinition<K>
  return { definition: copy, isValue: output !== undefined && !isObjectRoot(output) }
}

function inputOf(label: string, schema: unknown): JsonSchema {
  if (!isRecord(schema)) throw new DefinitionError(label, 'it has no inputSchema')
  const { problem } = readHeaderParams(schema)
  if (problem !== undefined) throw new DefinitionError(label, problem)
  if (schema.type !== 'object' && !isObjectRoot(schema) && schema.type !== undefined) {
    throw new DefinitionError(label, 'its inputSchema is of no object')
  }
  return objectRoot(admitted({ ...(schema.type === undefined && { type: 'object' }), ...schema }))
}

function outputOf(schema: JsonSchema): JsonSchema {
  return admitted(isWrapped(schema) ? unwrapRoot(schema) : schema)
}

/** Not every slip of a schema makes its tool useless; but marks of our own are taken from nobody. */
function admitted(schema: JsonSchema): JsonSchema {
  return admitSchema(schema, JSON.stringify(schema).includes(DECODING_MARK) ? 'raw' : 'library')
}

const TEXTS = ['title', 'description', 'mimeType'] as const

/** One member of a wrong type makes strict clients refuse the whole list. */
function checkMembers(kind: Kind, label: string, definition: Members): void {
  const stray = TEXTS.find((key) => definition[key] !== undefined && typeof definition[key] !== 'string')
  if (stray !== undefined) throw new DefinitionError(label, `its ${stray} is no text`)
  const { name, icons, annotations, arguments: args, size } = definition
  if (typeof name !== 'string') throw new DefinitionError(label, 'it has no name')
  if (annotations !== undefined && !isRecord(annotations)) throw new DefinitionError(label, 'its annotations are none')
  if (size !== undefined && typeof size !== 'number') throw new DefinitionError(label, 'its size is no number')
  if (icons !== undefined && !isListOf(icons, 'src')) throw new DefinitionError(label, 'its icons are none')
  if (kind === 'prompt' && args !== undefined && !isListOf(args, 'name')) {
    throw new DefinitionError(label, 'its arguments have no names')
  }
}

function isListOf(value: unknown, key: string): boolean {
  return Array.isArray(value) && value.every((each) => isRecord(each) && typeof each[key] === 'string')
}
