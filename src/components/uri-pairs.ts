import type { Variable } from './uri-parse.ts'
import { decode, type Take } from './uri-values.ts'

/** A variable that travels by name. */
interface Named {
  readonly variable: Variable
  readonly required: boolean
}

/** What may stand in a query or a `;` list, by the name it travels under. */
export interface Pairs {
  readonly named: ReadonlyMap<string, Named>
  /** Pairs that must be there as they are. */
  readonly fixed: ReadonlyMap<string, string>
}

/** Optional pairs for variables, added to those of `before`. */
export function pairsOf(variables: readonly Variable[], before?: Pairs): Pairs {
  const named = new Map(before?.named)
  for (const variable of variables) named.set(variable.name, { variable, required: false })
  return { named, fixed: before?.fixed ?? new Map() }
}

/** Takes `name=value` texts in any order. False for an unknown name, a missing or repeated one, a wrong fixed value. */
export function takePairs(texts: readonly string[], { named, fixed }: Pairs, take: Take): boolean {
  const found = new Map<string, string[]>()
  for (const text of texts) {
    if (text === '') continue
    const equals = text.indexOf('=')
    const name = decode(equals < 0 ? text : text.slice(0, equals))
    if (name === undefined || !(named.has(name) || fixed.has(name))) return false
    const values = found.get(name) ?? []
    values.push(equals < 0 ? '' : text.slice(equals + 1))
    found.set(name, values)
  }
  for (const [name, value] of fixed) if (found.get(name)?.join('&') !== value) return false
  for (const [name, { variable, required }] of named) {
    const values = found.get(name)
    if (values === undefined && required) return false
    if (values !== undefined && !takeNamed(variable, values, take)) return false
  }
  return true
}

function takeNamed({ name, explode }: Variable, values: readonly string[], take: Take): boolean {
  if (explode) return take(name, values)
  const [value = '', ...more] = values
  return more.length === 0 && take(name, value)
}
