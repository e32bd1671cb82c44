import { isRecord } from '../protocol/json-rpc.ts'
import type { ElicitForm, FieldForm } from './elicit-form.ts'
import { ClientError } from './errors.ts'
import { type FormContent, problemWith } from './form-field.ts'

/** What the user made of a question. `decline` is a no, `cancel` is leaving it without an answer. */
export type ElicitAnswer =
  | { readonly action: 'accept'; readonly content?: FormContent }
  | { readonly action: 'decline' }
  | { readonly action: 'cancel' }

/**
 * Makes what a handler returned into the protocol's result: an answer as it is, anything else as
 * the content of a filled-in form. Content that does not fit the form is refused here, before the
 * server sees it. A form with a field called `action` has its content wrapped by the handler.
 */
export function toElicitResult(returned: unknown, form: ElicitForm): ElicitAnswer {
  const answer = isAnswer(returned) ? returned : undefined
  if (answer && answer.action !== 'accept') return { action: answer.action }
  if (form.mode === 'form')
    return { action: 'accept', content: checked(answer ? (answer.content ?? {}) : returned, form) }
  if (answer) return { action: 'accept' }
  throw unfit("an address takes no content: return { action: 'accept' }, 'decline' or 'cancel'")
}

const ACTIONS: readonly unknown[] = ['accept', 'decline', 'cancel']

function isAnswer(value: unknown): value is ElicitAnswer {
  if (!isRecord(value) || !ACTIONS.includes(value.action)) return false
  return Object.keys(value).every((key) => key === 'action' || key === 'content')
}

function checked(content: unknown, { fields }: FieldForm): FormContent {
  if (!isRecord(content)) throw unfit('it must be an object of answers by field, or an action')
  const given = Object.entries(content).filter(([, value]) => value !== undefined)
  const names = new Set(given.map(([name]) => name))
  const problems = [
    ...fields.filter(({ name, required }) => required && !names.has(name)).map(({ name }) => `${name}: is required`),
    ...given.flatMap(([name, value]) => {
      const field = fields.find((each) => each.name === name)
      const problem = field ? problemWith(field, value) : 'is not in the form'
      return problem === undefined ? [] : [`${name}: ${problem}`]
    }),
  ]
  if (problems.length > 0) throw unfit(problems.join('; '))
  return Object.fromEntries(given) as FormContent // every value was checked against its field
}

function unfit(problem: string): ClientError {
  return new ClientError('HANDLER_FAILED', `The answer of onElicit does not fit what was asked: ${problem}`)
}
