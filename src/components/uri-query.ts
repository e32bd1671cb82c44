import type { DefinitionError } from '../protocol/errors.ts'
import type { Pairs } from './uri-pairs.ts'
import { broken, type Expression, type Part, type Variable } from './uri-parse.ts'

/** A template cut where its query and its fragment begin. */
export interface Zones {
  readonly path: readonly Part[]
  /** With its `?`; undefined where there is none. */
  readonly query: readonly Part[] | undefined
  /** With its `#`; undefined where there is none. */
  readonly fragment: readonly Part[] | undefined
}

/** Cuts a template. What follows `#` is fragment, even a `?`. */
export function cutZones(template: string, parts: readonly Part[]): Zones {
  const path: Part[] = []
  let query: Part[] | undefined
  let fragment: Part[] | undefined
  for (const part of parts.flatMap(cutLiteral)) {
    const starts = typeof part === 'string' ? part[0] : part.operator
    if (starts === '#') fragment ??= []
    if (starts === '?' && fragment === undefined) query ??= []
    if (starts === '&' && typeof part !== 'string' && (query ?? fragment) === undefined) {
      throw broken(template, '{&…} goes on with a query; begin the query with {?…} or "?name=value"')
    }
    ;(fragment ?? query ?? path).push(part)
  }
  return { path, query, fragment }
}

/** A literal in pieces, each of which begins where a zone may begin. */
function cutLiteral(part: Part): Part[] {
  return typeof part === 'string' ? part.split(/(?=[?#])/) : [part]
}

/**
 * Prepares a query: `?name=value` must be there, `?name={variable}` must have a value, `{?variable}` may.
 * Their order does not matter when a URI is matched.
 */
export function compileQuery(template: string, parts: readonly Part[]): Pairs {
  const query: Query = { template, named: new Map(), fixed: new Map() }
  let text = ''
  for (const [index, part] of parts.entries()) {
    if (typeof part !== 'string') {
      addExpression(query, text, part)
      text = ''
    } else {
      if (index > 0 && text === '' && !part.startsWith('&')) throw malformed(query)
      text += part
    }
  }
  addFixed(query, pairsIn(text))
  return query
}

interface Query {
  readonly template: string
  readonly named: Map<string, { readonly variable: Variable; readonly required: boolean }>
  readonly fixed: Map<string, string>
}

/** `text` is the literal before the expression: whole pairs, and `name=` where a plain variable follows. */
function addExpression(query: Query, text: string, { operator, variables }: Expression): void {
  const pairs = pairsIn(text)
  if (operator === '?' || operator === '&') {
    addFixed(query, pairs)
    for (const variable of variables)
      claim(query, variable.name).named.set(variable.name, { variable, required: false })
    return
  }
  const name = pairs.pop()?.match(/^([^=]+)=$/)?.[1]
  const [variable, ...others] = variables
  if (!(operator === '' || operator === '+') || name === undefined || variable === undefined || others.length > 0)
    throw malformed(query)
  addFixed(query, pairs)
  // Here `*` and `+` only mean that some characters stay as they are.
  claim(query, name).named.set(name, { variable: { ...variable, explode: false }, required: true })
}

function addFixed(query: Query, pairs: readonly string[]): void {
  for (const pair of pairs) {
    const [name = '', ...value] = pair.split('=')
    claim(query, name).fixed.set(name, value.join('='))
  }
}

function pairsIn(text: string): string[] {
  return text
    .replace(/^\?/, '')
    .split('&')
    .filter((pair) => pair !== '')
}

function claim(query: Query, name: string): Query {
  if (query.named.has(name) || query.fixed.has(name)) {
    throw broken(query.template, `the query names "${name}" twice; give each its own name`)
  }
  return query
}

function malformed({ template }: Query): DefinitionError {
  return broken(template, 'write the query as ?name={variable}&other={other}, or as {?variable,other}')
}
