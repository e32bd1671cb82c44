import type { Ask } from '../protocol/asks.ts'
import type { AnySchema } from '../schema/schema.ts'
import { type ElicitOptions, formQuestion, urlParams } from './elicitation.ts'
import { type SampleRequest, samplingParams } from './sampling.ts'

/** The question for a form, for `inputRequired`. The answer comes with the shape checked, its content not. */
export function askForm(message: string, schema: AnySchema, options: Omit<ElicitOptions, 'key'> = {}): Ask {
  return { method: 'elicitation/create', params: formQuestion(message, schema, options).params }
}

/** The question for an address to be opened, for `inputRequired`. */
export function askUrl(message: string, url: string | URL): Ask {
  return { method: 'elicitation/create', params: urlParams(message, { url }) }
}

/** The question for a model's answer, for `inputRequired`. */
export function askModel(request: Omit<SampleRequest, 'output'>): Ask {
  return { method: 'sampling/createMessage', params: { ...samplingParams(request) } }
}

/** The question for the client's roots, for `inputRequired`. */
export function askRoots(): Ask {
  return { method: 'roots/list', params: {} }
}
