import type { ElicitResult } from '../protocol/asks.ts'
import { DefinitionError, ToolError } from '../protocol/errors.ts'
import type { Params } from '../protocol/json-rpc.ts'
import { explain } from '../schema/explain.ts'
import { type Form, formOf } from '../schema/form.ts'
import type { AnySchema, OutputOf } from '../schema/schema.ts'
import { SchemaError } from '../schema/schema-error.ts'
import type { Asking, AskOptions } from './asking.ts'

/** What a person did with a form: the content is there only where it was accepted, and fits the schema. */
export type Elicited<T> =
  | { readonly action: 'accept'; readonly content: T }
  | { readonly action: 'decline' }
  | { readonly action: 'cancel' }

/** What a person did with an address: `accept` says that it is being opened, not that anything is done there. */
export type Consent = { readonly action: 'accept' } | { readonly action: 'decline' } | { readonly action: 'cancel' }

/** An address that a person shall open, for what must not pass through the client: passwords, payments, sign-ins. */
export interface UrlTarget {
  readonly url: string | URL
}

/** How to ask a person. */
export interface ElicitOptions extends AskOptions {
  /** Lets a form ask for a field that looks like a secret. Secrets themselves belong behind a URL. */
  readonly sensitive?: boolean
}

/** What `ctx.elicit` gives, by what was asked for. */
export type ElicitedBy<T extends AnySchema | UrlTarget> = T extends UrlTarget
  ? Consent
  : T extends AnySchema
    ? Elicited<OutputOf<T>>
    : never

/** Asks a person by form or by address. What is asked is recorded before this first waits. */
export async function elicit(
  asking: Asking,
  message: string,
  { target, options }: { readonly target: AnySchema | UrlTarget; readonly options: ElicitOptions },
): Promise<Elicited<unknown> | Consent> {
  return isUrlTarget(target)
    ? elicitUrl(asking, urlParams(message, target), options)
    : elicitForm(asking, formQuestion(message, target, options), options)
}

/** Parameters that ask for an address to be opened. Throws `DefinitionError` for one that is unfit. */
export function urlParams(message: string, { url }: UrlTarget): Params {
  return { mode: 'url', message: checkMessage(message), url: checkUrl(url) }
}

/** A form and the parameters that ask for it. */
export interface FormQuestion {
  readonly form: Form
  readonly params: Params & { readonly message: string }
}

/** The question that a schema makes. Throws `DefinitionError` for what no form can or may ask. */
export function formQuestion(message: string, schema: AnySchema, { sensitive }: ElicitOptions): FormQuestion {
  const form = madeForm(schema)
  const [secret] = form.secrets
  if (secret !== undefined && sensitive !== true) throw new DefinitionError('form', `field "${secret}" ${SECRET}`)
  return { form, params: { mode: 'form', message: checkMessage(message), requestedSchema: form.requested } }
}

async function elicitUrl(asking: Asking, params: Params, { key }: ElicitOptions): Promise<Consent> {
  const { action } = await askPerson(asking, asking.keyFor('elicitation', key), params)
  return { action }
}

async function elicitForm(
  asking: Asking,
  { form, params }: FormQuestion,
  options: ElicitOptions,
): Promise<Elicited<unknown>> {
  const key = asking.keyFor('elicitation', options.key)
  const first = await fitted(form, await askPerson(asking, key, params))
  if (typeof first !== 'string') return first
  const message = `${params.message}\n\nThe last answer did not fit:\n${first}`
  const second = await fitted(form, await askPerson(asking, `${key}.2`, { ...params, message }))
  if (typeof second !== 'string') return second
  throw new ToolError('VALIDATION_ERROR', `The answer to the form did not fit, twice:\n${second}`)
}

async function askPerson(asking: Asking, key: string, params: Params): Promise<ElicitResult> {
  // The origin lets only answers through that have the shape of their question.
  return (await asking.ask(key, 'elicitation/create', params)) as ElicitResult
}

/** The answer with its content checked, or why it does not fit. */
async function fitted({ schema }: Form, { action, content = {} }: ElicitResult): Promise<Elicited<unknown> | string> {
  if (action !== 'accept') return { action }
  const checked = await schema.check(content)
  return checked.ok ? { action, content: checked.value } : explain(checked.problems, schema.json, content)
}

function madeForm(schema: AnySchema): Form {
  try {
    return formOf(schema)
  } catch (cause) {
    if (cause instanceof SchemaError) throw new DefinitionError('form', cause.message, { cause })
    throw cause
  }
}

function isUrlTarget(target: AnySchema | UrlTarget): target is UrlTarget {
  return !('~standard' in target) && (typeof target.url === 'string' || target.url instanceof URL)
}

function checkMessage(message: string): string {
  if (typeof message === 'string' && message.trim() !== '') return message
  throw new DefinitionError('elicitation', 'give a message that tells the person what you want to know, and why')
}

function checkUrl(given: string | URL): string {
  const url = URL.canParse(given) ? new URL(given) : undefined
  if (url === undefined || (url.protocol !== 'https:' && url.protocol !== 'http:')) {
    throw new DefinitionError('elicitation', 'the url must be absolute, with https')
  }
  if (url.username !== '' || url.password !== '') {
    throw new DefinitionError('elicitation', 'the url must carry no credentials: the client sees it')
  }
  return url.href
}

const SECRET =
  'looks like a secret, which may not pass through a client; send the person to a page of yours with { url }, or pass { sensitive: true } if it is none'
