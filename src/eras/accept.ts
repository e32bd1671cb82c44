import type { Exchange } from './exchange.ts'

/** The forms in which a client takes an answer. */
export interface Acceptance {
  readonly json: boolean
  readonly stream: boolean
}

const ANYTHING: Acceptance = { json: true, stream: true }

/** What nearly every client sends, so that nothing needs to be taken apart. */
const USUAL: ReadonlySet<string> = new Set(['*/*', 'application/json, text/event-stream'])

/** The forms in which an exchange may be answered: what its client takes and its server gives. */
export function acceptanceAt(exchange: Exchange): Acceptance {
  const accepted = acceptanceOf(exchange.header('accept'))
  return exchange.jsonOnly ? { json: accepted.json, stream: false } : accepted
}

/** Reads an Accept header (RFC 9110, 12.5.1). A client that sends none takes anything. */
export function acceptanceOf(header: string | undefined): Acceptance {
  if (header === undefined || USUAL.has(header)) return ANYTHING
  const weights = new Map(header.toLowerCase().split(',').map(weightOf))
  return { json: takes(weights, 'application/json'), stream: takes(weights, 'text/event-stream') }
}

function weightOf(range: string): [type: string, weight: number] {
  const [type = '', ...parameters] = range.split(';').map((part) => part.trim())
  const weight = parameters.find((parameter) => parameter.startsWith('q='))
  return [type, weight === undefined ? 1 : Number(weight.slice(2))]
}

/** The most exact range decides. */
function takes(weights: ReadonlyMap<string, number>, type: string): boolean {
  const family = `${type.slice(0, type.indexOf('/'))}/*`
  const weight = weights.get(type) ?? weights.get(family) ?? weights.get('*/*') ?? 0
  return weight > 0
}
