import { isRecord } from '../../../protocol/json-rpc.ts'
import { followed } from './follow-reference.ts'
import { placeIn, readParameter } from './read-content.ts'
import { textIn } from './read-members.ts'
import type { Reading } from './reading.ts'
import type { Parameter } from './route.ts'
import { RouteProblem } from './route-problem.ts'
import { bareName, namesIn, splitPath } from './split-path.ts'

const MOST = { parameters: 1_000, inPath: 100 }

/**
 * The parameters of an operation: those of its path and its own, which win, and a text for each `{name}` of the path that
 * is not declared. Those that make no sense are left out with a note. Throws `RouteProblem` for what cannot be read.
 */
export function readParameters(
  lists: { readonly ofPath: readonly unknown[]; readonly own: readonly unknown[] },
  path: string,
  reading: Reading,
): readonly Parameter[] {
  if (lists.ofPath.length + lists.own.length > MOST.parameters) {
    throw new RouteProblem(`it has more than ${MOST.parameters} parameters`)
  }
  const found = new Map<string, Parameter>()
  for (const item of [...lists.ofPath, ...lists.own]) {
    const parameter = isRecord(item)
      ? reading.memory.parameters.read(item, reading, (inner) => readItem(item, inner))
      : readItem(item, reading)
    if (parameter !== undefined) found.set(keyOf(parameter), parameter)
  }
  const places = placesIn(path)
  const kept = [...found.values()].flatMap((parameter) => inPlace(parameter, places, reading))
  checkQuery(kept)
  return [...undeclared(kept, places, reading), ...kept]
}

/** The names that a path has places for, as they are written there. */
interface Places {
  readonly inPath: readonly string[]
  /** Behind `?`. */
  readonly inQuery: readonly string[]
  /** Both, also without what is written around them. */
  readonly filled: ReadonlySet<string>
  /** What stands between the `&` of the query. */
  readonly pairs: ReadonlySet<string>
  /** In the form of a query: `{?page,limit}`. */
  readonly optional: readonly string[]
  /** Behind `#`. */
  readonly nowhere: ReadonlySet<string>
}

function placesIn(template: string): Places {
  if (/[{}]/.test(template.replace(/\{[^{}]+\}/g, ''))) {
    throw new RouteProblem('its path has a brace without its other half')
  }
  const { path, query, optional, fragment } = splitPath(template)
  const [inPath, inQuery] = [namesIn(path), namesIn(query)]
  if (inPath.length > MOST.inPath) throw new RouteProblem(`its path has more than ${MOST.inPath} parameters`)
  return {
    inPath,
    inQuery,
    filled: new Set([...inPath, ...inQuery].flatMap((name) => [name, bareName(name)])),
    pairs: new Set(query.split('&')),
    optional,
    nowhere: new Set(namesIn(fragment)),
  }
}

/** Set by what sends the request: the specification ignores parameters of these names. */
const IGNORED: ReadonlySet<string> = new Set(['accept', 'content-type', 'authorization'])

function readItem(item: unknown, reading: Reading): Parameter | undefined {
  const members = followed(item, reading.targets)
  const name = members && textIn(members, 'name')
  const place = members && placeIn(members)
  if (members === undefined || name === undefined || place === undefined) {
    const shown = name === undefined ? '' : ` "${name.slice(0, 60)}"`
    reading.note(`a parameter${shown} is left out, because it does not say what it is or where it stands`)
    return undefined
  }
  if (place === 'header' && IGNORED.has(name.toLowerCase())) return undefined
  return readParameter(members, { name, place }, reading)
}

/** A parameter where the path has a place for it; none, if it has not. */
function inPlace(parameter: Parameter, places: Places, reading: Reading): readonly Parameter[] {
  const { in: place, name } = parameter
  if (place !== 'path' || places.filled.has(name)) return [parameter]
  if (places.optional.includes(name)) return [{ ...parameter, ...OF_QUERY }]
  const shown = name.slice(0, 60)
  if (places.nowhere.has(name)) {
    throw new RouteProblem(`its path has {${shown}} behind "#", and nothing behind that is sent`)
  }
  reading.note(`the parameter "${shown}" is left out, because the path has no place for it`)
  return []
}

/** A text for each name that nothing declares. */
function undeclared(known: readonly Parameter[], places: Places, reading: Reading): readonly Parameter[] {
  const namesOf = (place: string): ReadonlySet<string> =>
    new Set(known.flatMap((parameter) => (parameter.in === place ? parameter.name : [])))
  const [ofPath, ofQuery] = [namesOf('path'), namesOf('query')]
  const isFilled = (written: string): boolean => ofPath.has(written) || ofPath.has(bareName(written))
  const inPath = places.inPath.filter((name) => !isFilled(name))
  const inQuery = places.inQuery.filter((name) => !isFilled(name) && !ofQuery.has(name) && !inPath.includes(name))
  const optional = places.optional.filter((name) => !ofQuery.has(name))
  for (const name of [...inPath, ...inQuery, ...optional]) {
    reading.note(`its path has {${name.slice(0, 60)}}, which is described nowhere: it is taken for a text`)
  }
  // `?page={page}` may be left out; whatever else is in a query is a part of it.
  const isWhole = (name: string): boolean => places.pairs.has(`${name}={${name}}`)
  const needed = [...inPath, ...inQuery.filter((name) => !isWhole(name))].map((name) => bareName(name) || name)
  return [
    ...[...new Set(needed)].map((name) => ({ ...TEXT, name })),
    ...[...new Set([...optional, ...inQuery.filter(isWhole)])].map((name) => ({ ...TEXT, name, ...OF_QUERY })),
  ]
}

/** Both would be the same part of the address. */
function checkQuery(parameters: readonly Parameter[]): void {
  const whole = parameters.filter(({ in: place }) => place === 'querystring').length
  const isClash = whole > 1 || (whole === 1 && parameters.some(({ in: place }) => place === 'query'))
  if (isClash) throw new RouteProblem('it has a parameter for the whole query string beside others of the query')
}

function keyOf({ in: place, name }: Parameter): string {
  return `${place} ${place === 'header' ? name.toLowerCase() : name}`
}

const TEXT: Omit<Parameter, 'name'> = {
  in: 'path',
  required: true,
  deprecated: false,
  schema: { type: 'string' },
  style: 'simple',
  explode: false,
  allowReserved: false,
}

const OF_QUERY = { in: 'query', required: false, style: 'form', explode: true } as const
