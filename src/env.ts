import type { StandardSchemaV1 } from '@standard-schema/spec'
import { type Member, membersOf } from './components/members.ts'
import { FastMCPError } from './protocol/errors.ts'
import type { Awaitable } from './schema/awaitable.ts'
import { compileInput } from './schema/compile.ts'
import { pathWords } from './schema/quote.ts'
import type { Checked, CompiledSchema, Problem } from './schema/schema.ts'

/** Where a program runs. */
export type Environment = 'development' | 'staging' | 'production' | 'test'

/** Values for variables that are not set; typed by the schema. */
export type EnvDefaults<S extends StandardSchemaV1> = Readonly<Partial<StandardSchemaV1.InferInput<S> & object>>

/** What settings are read from. */
export interface EnvOptions<S extends StandardSchemaV1> {
  /** The variables; default `process.env`. */
  readonly env?: Readonly<Record<string, string | undefined>> | undefined
  /** Where the program runs; default the variable `APP_ENV`, then `NODE_ENV`, then `development`. */
  readonly environment?: Environment
  readonly development?: EnvDefaults<S>
  readonly staging?: EnvDefaults<S>
  readonly production?: EnvDefaults<S>
  /** Left out, those of `development`. */
  readonly test?: EnvDefaults<S>
}

const ENVIRONMENTS: readonly Environment[] = ['development', 'staging', 'production', 'test']

/**
 * Settings from environment variables, typed and checked by a schema whose members are named as the variables. Read them
 * where the file is loaded: what is missing or wrong throws an error there that names every variable and shows no value.
 * A variable without text counts as not set. `"3"` is read as a number and `"true"` as a boolean where the schema wants
 * one.
 *
 * @example
 * export const settings = env(
 *   z.object({ API_KEY: z.string(), LOG_LEVEL: z.enum(['debug', 'info']), CACHE_TTL: z.number() }),
 *   { development: { LOG_LEVEL: 'debug', CACHE_TTL: 0 }, production: { LOG_LEVEL: 'info', CACHE_TTL: 300 } },
 * )
 */
export function env<S extends StandardSchemaV1>(
  schema: S,
  options: EnvOptions<S> = {},
): Readonly<StandardSchemaV1.InferOutput<S>> {
  const variables = options.env ?? processEnv()
  const environment = options.environment ?? readEnvironment(variables)
  const compiled = compile(schema)
  const members = membersOf(compiled.json)
  const values = valuesOf([...members.keys()], variables, defaultsFor(environment, options))
  const checked = check(compiled, values)
  if (checked.ok) return Object.freeze(checked.value) as Readonly<StandardSchemaV1.InferOutput<S>> // the schema made it
  throw broken(checked.problems, { values, members, environment })
}

function compile(schema: StandardSchemaV1): CompiledSchema {
  try {
    return compileInput(schema, { fromText: true })
  } catch (cause) {
    const words = cause instanceof Error ? cause.message : String(cause)
    throw new FastMCPError('SETTING', `env: the schema ${words}`, { cause })
  }
}

type Values = Readonly<Record<string, unknown>>

function valuesOf(names: readonly string[], variables: Values, defaults: Values): Values {
  const values: Record<string, unknown> = Object.create(null)
  for (const name of names) {
    const given = own(variables, name)
    const value = given === undefined || given === '' ? own(defaults, name) : given
    if (value !== undefined) values[name] = value
  }
  return values
}

function own(values: Values, name: string): unknown {
  return Object.hasOwn(values, name) ? values[name] : undefined
}

function check(compiled: CompiledSchema, values: Values): Checked {
  let checked: Awaitable<Checked>
  try {
    checked = compiled.check(values)
  } catch (problem) {
    // What a function throws over a value usually holds the value, so that it goes no further.
    const kind = problem instanceof Error ? problem.name : typeof problem
    throw new FastMCPError('ENVIRONMENT', `A function in the schema of the environment threw (${kind.slice(0, 40)})`)
  }
  if (!(checked instanceof Promise)) return checked
  checked.catch(() => undefined)
  throw new FastMCPError(
    'SETTING',
    'env: the schema cannot be checked at once: it waits for something, or a function in it threw',
  )
}

interface Reading {
  readonly values: Values
  readonly members: ReadonlyMap<string, Member>
  readonly environment: Environment
}

/** One error for all that is missing or wrong. */
function broken(problems: readonly Problem[], { values, members, environment }: Reading): FastMCPError {
  const lines = problems.map(({ path: [name, ...inner], message }) => {
    if (name === undefined) return `Together they are not valid: ${conceal(message, Object.values(values))}`
    const value = own(values, String(name))
    if (value === undefined) return `${name} is missing${descriptionOf(members.get(String(name)))}`
    const place = inner.length > 0 ? `${name}, at ${pathWords(inner)},` : name
    return `${place} ${conceal(message, [value])}`
  })
  const head = `The environment (${environment}) does not hold what this program needs:`
  return new FastMCPError('ENVIRONMENT', [head, ...[...new Set(lines)].map((line) => `  ${line}`)].join('\n'))
}

function descriptionOf(member: Member | undefined): string {
  const description = member?.schema.description
  return typeof description === 'string' && description !== '' ? `: ${description}` : ''
}

const WORD = /[\p{L}\p{N}]/u
const SHORT = 12

/** The message, unless it may hold a value: an author can write any. */
function conceal(message: string, values: readonly unknown[]): string {
  return values.some((value) => isIn(message, value)) ? 'is not valid' : message
}

function isIn(message: string, value: unknown): boolean {
  if (typeof value === 'object' && value !== null) return Object.values(value).some((inner) => isIn(message, inner))
  if (typeof value !== 'string' && typeof value !== 'number') return false
  const text = String(value)
  if (text === '') return false
  if (text.length >= SHORT) return message.includes(text.slice(0, SHORT)) || message.includes(text.slice(-SHORT))
  // A short one is in many words by chance, so that it counts only where it is a word.
  for (let at = message.indexOf(text); at >= 0; at = message.indexOf(text, at + 1)) {
    if (!WORD.test(message[at - 1] ?? '') && !WORD.test(message[at + text.length] ?? '')) return true
  }
  return false
}

function defaultsFor<S extends StandardSchemaV1>(environment: Environment, options: EnvOptions<S>): Values {
  const defaults = options[environment] ?? (environment === 'test' ? options.development : undefined)
  return defaults ?? {}
}

function readEnvironment({ APP_ENV, NODE_ENV }: Values): Environment {
  const name = APP_ENV || NODE_ENV || 'development'
  const known = ENVIRONMENTS.find((environment) => environment === name)
  if (known !== undefined) return known
  throw new FastMCPError('ENVIRONMENT', `${APP_ENV ? 'APP_ENV' : 'NODE_ENV'} must be one of ${ENVIRONMENTS.join(', ')}`)
}

/** Not every runtime has a process. */
function processEnv(): Readonly<Record<string, string | undefined>> {
  const process: unknown = Reflect.get(globalThis, 'process')
  const variables: unknown = typeof process === 'object' && process !== null ? Reflect.get(process, 'env') : undefined
  // Whoever calls it `process.env` keeps texts in it.
  return typeof variables === 'object' && variables !== null ? (variables as Record<string, string | undefined>) : {}
}
