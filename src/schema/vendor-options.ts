import { BIGINT_FORM, DATE_FORM } from './decoding.ts'
import type { Side } from './library-json.ts'

type Options = Record<string, unknown>
type Json = Record<string, unknown>

interface ZodContext {
  readonly zodSchema: { readonly _zod: { readonly def: { readonly type: string; readonly defaultValue?: unknown } } }
  readonly jsonSchema: Json
}

/** Zod: everything it has no word for becomes `{}`, and what has a form in JSON gets it afterwards. */
export function zodOptions(): Options {
  return {
    unrepresentable: 'any',
    override({ zodSchema, jsonSchema }: ZodContext): void {
      const { def } = zodSchema._zod
      if (def.type === 'date') fill(jsonSchema, DATE_FORM)
      else if (def.type === 'bigint') fill(jsonSchema, BIGINT_FORM)
      // Zod calls a default that is a function anew at each look: what it gave once is no promise.
      else if (def.type === 'default' && !isConstant(def.defaultValue, def.defaultValue)) delete jsonSchema.default
    },
  }
}

interface ValibotSchemaContext {
  readonly valibotSchema: { readonly type: string }
  readonly jsonSchema: Json
}

interface ValibotActionContext {
  readonly valibotAction: { readonly kind: string; readonly type: string }
  readonly jsonSchema: Json
}

/** Valibot: the same; and after a transformation the output is no longer what the pipe began with. */
export function valibotOptions(side: Side): Options {
  return {
    errorMode: 'ignore',
    overrideSchema({ valibotSchema, jsonSchema }: ValibotSchemaContext): Json | undefined {
      if (valibotSchema.type === 'date') return { ...jsonSchema, ...DATE_FORM }
      return valibotSchema.type === 'bigint' ? { ...jsonSchema, ...BIGINT_FORM } : undefined
    },
    overrideAction({ valibotAction, jsonSchema }: ValibotActionContext): Json | undefined {
      const becomes = side === 'output' ? BECOMES.get(valibotAction.type) : undefined
      return becomes && { ...annotations(jsonSchema), ...becomes }
    },
  }
}

/** What a value is after the actions of valibot that change its type. */
const BECOMES: ReadonlyMap<string, Json> = new Map<string, Json>([
  ...['transform', 'raw_transform', 'parse_json', 'find_item', 'reduce_items', 'map_items'].map(
    (type): [string, Json] => [type, {}],
  ),
  ['to_bigint', BIGINT_FORM],
  ['to_boolean', { type: 'boolean' }],
  ['to_date', DATE_FORM],
  ['to_number', { type: 'number' }],
  ['to_string', { type: 'string' }],
  ['stringify_json', { type: 'string' }],
])

interface ArktypeContext {
  readonly base: Json
  readonly domain?: string
}

/** Arktype: what it has no word for keeps the part that it has. */
export function arktypeOptions(): Options {
  return {
    fallback: {
      date: ({ base }: ArktypeContext): Json => ({ ...base, ...DATE_FORM }),
      domain: ({ base, domain }: ArktypeContext): Json => (domain === 'bigint' ? { ...base, ...BIGINT_FORM } : base),
    },
  }
}

function fill(target: Json, form: Json): void {
  for (const [key, value] of Object.entries(form)) target[key] ??= value
}

function annotations({ title, description }: Json): Json {
  return { ...(title !== undefined && { title }), ...(description !== undefined && { description }) }
}

function isConstant(one: unknown, other: unknown): boolean {
  if (typeof one === 'bigint') return one === other
  return one instanceof Date ? one === other : JSON.stringify(one) === JSON.stringify(other)
}
