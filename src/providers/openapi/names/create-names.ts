import type { OpenApiOptions } from '../options.ts'
import type { Route } from '../routes/route.ts'
import { safeEnds, safeName, UniqueNames } from './safe-name.ts'

/** A name, and the one that options or document ask for. */
export interface RouteName {
  readonly name: string
  readonly wanted: string
}

/**
 * Names routes one after the other, no two alike: as the options say, or else by `operationId`, summary, or method and path.
 * Of the ids that FastAPI makes, which repeat path and method, the function's name is taken.
 */
export function createNames(names: OpenApiOptions['names']): (route: Route) => RouteName {
  const unique = new UniqueNames()
  return (route) => {
    const asked = askedName(route, names)
    const known = [...asked, ...namesOf(route)]
    const safe = known.flatMap((each) => safeName(each) ?? [])
    const [first = 'operation', second = first] = safe
    // Where a name is taken, the whole id of a function, or the end of what was cut, tells more than a number.
    const spare = asked.length === 0 && isGenerated(route) ? second : safeEnds(known[0] ?? '')
    const name = unique.give(unique.isTaken(first) ? (spare ?? first) : first)
    return { name, wanted: asked[0] ?? route.operationId ?? first }
  }
}

function askedName(route: Route, names: OpenApiOptions['names']): readonly string[] {
  const { operationId } = route
  const isListed = typeof names === 'object' && operationId !== undefined && Object.hasOwn(names, operationId)
  const asked = typeof names === 'function' ? names(route) : isListed ? names[operationId] : undefined
  return typeof asked === 'string' && asked !== '' ? [asked] : []
}

/** What an operation can be called, the best first. */
function namesOf(route: Route): readonly string[] {
  const { method, path, operationId, summary } = route
  const ids = operationId === undefined ? [] : [shortId(route), operationId]
  const words = summary === undefined ? [] : [summary.toLowerCase()]
  return [...ids, ...words, `${method.toLowerCase()}${path}`]
}

function isGenerated(route: Route): boolean {
  return shortId(route) !== route.operationId
}

/** The id without what repeats path and method at its end. */
function shortId({ operationId = '', method, path }: Route): string {
  const end = `${path.replaceAll(/\W/g, '_')}_${method.toLowerCase()}`
  return operationId.length > end.length && operationId.endsWith(end) ? operationId.slice(0, -end.length) : operationId
}
