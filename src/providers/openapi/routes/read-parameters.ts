import { isRecord } from '../../../protocol/json-rpc.ts'
import { followed } from './follow-reference.ts'
import { placeIn, readParameter } from './read-content.ts'
import { textIn } from './read-members.ts'
import type { Reading } from './reading.ts'
import type { Parameter } from './route.ts'
import { RouteProblem } from './route-problem.ts'

const MOST = 1_000

/**
 * The parameters of an operation: those of its path and its own, which win, and a text for each `{name}` of the path that
 * is not declared. Those that make no sense are left out with a note. Throws `RouteProblem` for what cannot be read.
 */
export function readParameters(
  lists: { readonly ofPath: readonly unknown[]; readonly own: readonly unknown[] },
  path: string,
  reading: Reading,
): readonly Parameter[] {
  if (lists.ofPath.length + lists.own.length > MOST) throw new RouteProblem(`it has more than ${MOST} parameters`)
  const found = new Map<string, Parameter>()
  for (const item of [...lists.ofPath, ...lists.own]) {
    const parameter = isRecord(item)
      ? reading.memory.parameters.read(item, reading, (inner) => readItem(item, inner))
      : readItem(item, reading)
    if (parameter !== undefined) found.set(keyOf(parameter), parameter)
  }
  const names = namesIn(path)
  const kept = [...found.values()].filter((parameter) => isUsed(parameter, names, reading))
  checkQuery(kept)
  const missing = names.filter((name) => !kept.some((parameter) => fills(parameter, name, path)))
  for (const name of missing)
    reading.note(`its path has {${name.slice(0, 60)}}, which is described nowhere: it is taken for a text`)
  return [...missing.map(pathText), ...kept]
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

function isUsed({ in: place, name }: Parameter, names: readonly string[], reading: Reading): boolean {
  if (place !== 'path' || names.includes(name)) return true
  reading.note(`the parameter "${name.slice(0, 60)}" is left out, because the path has no place for it`)
  return false
}

/** Some paths have a query, and its values may be declared as what they are. */
function fills({ in: place, name: own }: Parameter, name: string, path: string): boolean {
  return own === name && (place === 'path' || !(path.split('?', 1)[0] ?? '').includes(`{${name}}`))
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

const EXPRESSION = /\{([^{}]+)\}/g

/** The names in braces, each once. */
function namesIn(path: string): readonly string[] {
  if (/[{}]/.test(path.replace(EXPRESSION, ''))) throw new RouteProblem('its path has a brace without its other half')
  return [...new Set([...path.matchAll(EXPRESSION)].map(([, name = '']) => name))]
}

function pathText(name: string): Parameter {
  return {
    name,
    in: 'path',
    required: true,
    deprecated: false,
    schema: { type: 'string' },
    style: 'simple',
    explode: false,
    allowReserved: false,
  }
}
