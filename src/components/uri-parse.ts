import { DefinitionError } from '../protocol/errors.ts'
import { labelOf } from './component-name.ts'

/** The operators of RFC 6570 up to level 3; the empty one is plain `{x}`. */
export type Operator = '' | '+' | '#' | '.' | '/' | ';' | '?' | '&'

/** One variable of an expression; `explode` is its `*`. */
export interface Variable {
  readonly name: string
  readonly explode: boolean
}

/** What stands between braces. */
export interface Expression {
  readonly operator: Operator
  readonly variables: readonly Variable[]
}

/** A template is literals and expressions in turn. Literals are percent-encoded where a URI demands it. */
export type Part = string | Expression

/** Bounds of a template, and of the URIs it is asked about. */
export const TEMPLATE_LIMITS: { readonly characters: number; readonly variables: number; readonly uri: number } = {
  characters: 8 * 1024,
  variables: 256,
  uri: 64 * 1024,
}

/** Reads a template in one pass. Throws `DefinitionError` for one that is malformed, too large, or beyond level 3. */
export function parseTemplate(template: string): readonly Part[] {
  const { characters, variables } = TEMPLATE_LIMITS
  if (template.length > characters) throw broken(template, `it is longer than ${characters} characters; shorten it`)
  const parts: Part[] = []
  for (let at = 0; at < template.length; ) {
    const open = indexOrEnd(template, '{', at)
    if (open > at) parts.push(literal(template, template.slice(at, open)))
    if (open === template.length) break
    const close = template.indexOf('}', open)
    if (close < 0) throw broken(template, 'a "{" is not closed')
    parts.push(expression(template, template.slice(open + 1, close)))
    at = close + 1
  }
  checkVariables(template, parts, variables)
  return parts
}

/** An error that names the template. */
export function broken(template: string, problem: string, options?: ErrorOptions): DefinitionError {
  return new DefinitionError(labelOf('template', template), problem, options)
}

/** Percent-encodes what no URI may hold. Throws `URIError` for half a surrogate pair. */
export function encodeForbidden(text: string): string {
  return text.replaceAll(/[^\x21-\x7e]+/g, encodeURIComponent)
}

function indexOrEnd(text: string, search: string, from: number): number {
  const at = text.indexOf(search, from)
  return at < 0 ? text.length : at
}

function literal(template: string, text: string): string {
  if (text.includes('}')) throw broken(template, 'a "}" has no "{" before it')
  try {
    return encodeForbidden(text)
  } catch (cause) {
    throw broken(template, 'it holds half a surrogate pair, which no URI can', { cause })
  }
}

const EXPRESSION = /^([+#./;?&]?)(.*)$/s
const VARIABLE = /^([A-Za-z0-9_]+(?:\.[A-Za-z0-9_]+)*)(\*?)$/

function expression(template: string, body: string): Expression {
  const [, operator = '', list = ''] = EXPRESSION.exec(body) ?? []
  // The pattern lets through no other operator.
  return { operator: operator as Operator, variables: list.split(',').map((text) => variable(template, text)) }
}

function variable(template: string, text: string): Variable {
  const [, name, star] = VARIABLE.exec(text) ?? []
  if (name === undefined)
    throw broken(
      template,
      `"{${text.slice(0, 40)}}" is no variable; write letters, digits and _, as in {id} or {path*}`,
    )
  if (name === '__proto__') throw broken(template, 'a variable cannot be called __proto__; choose another name')
  return { name, explode: star === '*' }
}

function checkVariables(template: string, parts: readonly Part[], most: number): void {
  const seen = new Set<string>()
  for (const { name } of parts.flatMap((part) => (typeof part === 'string' ? [] : part.variables))) {
    if (seen.has(name)) throw broken(template, `the variable "${name}" is there twice; give each its own name`)
    seen.add(name)
  }
  if (seen.size > most) throw broken(template, `it has more than ${most} variables`)
}
