import type { Awaitable } from '../../../schema/awaitable.ts'
import { compileOutput } from '../../../schema/compile.ts'
import type { JsonSchema } from '../../../schema/json-schema.ts'
import { isObjectRoot } from '../../../schema/root.ts'
import type { CompiledSchema } from '../../../schema/schema.ts'
import { SchemaError } from '../../../schema/schema-error.ts'
import { misshapen } from '../../../upstream/answer.ts'
import { useless } from '../../../upstream/failures.ts'
import type { OpenApiOptions } from '../options.ts'
import type { Api } from '../routes/api.ts'
import type { RawSchema } from '../routes/route.ts'
import { portableSchema } from '../schemas/portable-schema.ts'
import type { Expected } from './expected.ts'
import { type Cut, lenientSchema } from './lenient-schema.ts'
import type { Asked } from './make-result.ts'
import type { Answer } from './read-answer.ts'
import type { OutputRoot } from './structured.ts'

/** What results of one operation are shown to be, and what its answers are held against. */
export interface OutputPlan {
  readonly schema?: JsonSchema
  readonly root: OutputRoot
  /** Throws for an answer of another shape; left out where every answer will do. */
  readonly check?: (answer: Answer, asked: Asked) => Awaitable<void>
  readonly notes: readonly string[]
}

/** What of the options counts for what is shown. */
export interface OutputWishes extends Cut {
  readonly mode: NonNullable<OpenApiOptions['output']>
}

/** Works out what is shown of the answers of a route. Where only a part of them is passed on, only that is shown. */
export function planOutput(expected: Expected, api: Api, { mode, ...cut }: OutputWishes): OutputPlan {
  if (mode === 'none') return { root: undefined, notes: [] }
  if (mode === 'lenient') return showLenient(expected, api, cut)
  const strict = strictSchema(expected, api)
  if (strict === undefined) return showLenient(expected, api, cut)
  if (typeof strict === 'string') return { ...showLenient(expected, api, cut), notes: [strict] }
  const check = createCheck(strict, expected)
  // A part of an answer is of another shape than the whole.
  if (cut.kept !== undefined || cut.within !== undefined) return { ...showLenient(expected, api, cut), check }
  const { json } = strict
  return { schema: json, root: isObjectRoot(json) ? 'object' : 'value', check, notes: [] }
}

function showLenient({ schemas }: Expected, api: Api, cut: Cut): OutputPlan {
  const shown = lenientSchema(schemas, api, cut)
  if (shown === undefined) {
    const isKnown = cut.kept !== undefined && lenientSchema(schemas, api, {}) !== undefined
    return { root: undefined, notes: isKnown ? [NOTHING_PICKED] : [] }
  }
  return { schema: shown.schema, root: shown.isObject ? 'object' : 'value', notes: [] }
}

const NOTHING_PICKED = 'nothing that `pick` names is in its answers as the document has them; lists need a "*"'

/** What all good answers must be; undefined where anything goes, and words where it cannot be checked. */
function strictSchema({ schemas, mayBeEmpty }: Expected, api: Api): CompiledSchema | string | undefined {
  const [first, ...others] = schemas
  if (first === undefined) return undefined
  const whole: RawSchema =
    others.length === 0 && !mayBeEmpty ? first : { anyOf: [...schemas, ...(mayBeEmpty ? [NULL] : [])] }
  const schema = portableSchema(whole, api, 'response')
  if (typeof schema === 'boolean' || Object.keys(schema).length === 0) return undefined
  try {
    return compileOutput(schema)
  } catch (problem) {
    if (problem instanceof SchemaError) return `Answers are not checked: their schema ${problem.message}`
    throw problem
  }
}

const NULL: RawSchema = { type: 'null' }

function createCheck(schema: CompiledSchema, { mayBeEmpty }: Expected): NonNullable<OutputPlan['check']> {
  return async (answer, asked) => {
    if (answer.kind === 'nothing') {
      if (!mayBeEmpty) throw misshapen(undefined, [], asked)
      return
    }
    const { errand, status } = asked
    if (answer.kind !== 'json')
      throw useless(errand, 'unexpected', { words: `with ${answer.mediaType} instead of JSON`, status })
    const checked = await schema.check(answer.value)
    if (!checked.ok) throw misshapen(answer.value, checked.problems, asked)
  }
}
