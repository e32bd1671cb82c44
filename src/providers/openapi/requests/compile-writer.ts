import { ToolError } from '../../../protocol/errors.ts'
import { fixedArguments } from '../arguments/fixed-arguments.ts'
import type { ArgumentPlan } from '../arguments/plan.ts'
import type { ParameterPlace, Route, RouteMethod } from '../routes/route.ts'
import { RouteProblem } from '../routes/route-problem.ts'
import { splitPath } from '../routes/split-path.ts'
import { compileBody } from './body/compile-body.ts'
import { compileHeaders } from './compile-headers.ts'
import { compileQuery } from './compile-query.ts'
import type { Writer } from './draft.ts'
import { compilePath, type Parameters } from './path.ts'

/** Most characters of an address. */
const LONGEST_URL = 64 * 1024

/** `fetch` sends no body with them. */
const BODILESS: ReadonlySet<RouteMethod> = new Set(['GET', 'HEAD', 'TRACE'])

/**
 * Compiles what writes the requests of a route: all that its document says is worked out here, once. `base` is the
 * address of its server. Throws `RouteProblem` for a path, or a name, that cannot be part of an address.
 */
export function compileWriter(route: Route, plan: ArgumentPlan, base: URL): Writer {
  try {
    return compile(route, plan, base)
  } catch (problem) {
    if (!(problem instanceof URIError)) throw problem
    throw new RouteProblem('its path, or the name of a parameter, is no well-formed text', { cause: problem })
  }
}

function compile(route: Route, plan: ArgumentPlan, base: URL): Writer {
  // What stands in the form of a query, `{?page,limit}`, is written as the document declares it.
  const { path, query: given } = splitPath(route.path)
  const inPath = parametersIn(plan, 'path')
  const writePath = compilePath(path, inPath, base)
  const query = [base.search.slice(1), given].filter((text) => text !== '').join('&')
  const writeQuery = compileQuery({ given: query, path: inPath, query: parametersIn(plan, 'query', 'querystring') })
  const writeHeaders = compileHeaders(parametersIn(plan, 'header'), parametersIn(plan, 'cookie'))
  const writeBody =
    plan.body === undefined || BODILESS.has(route.method) ? undefined : compileBody(plan.body, plan.schema)
  const known = fixedArguments(plan)
  const fixed = known.size === 0 ? undefined : Object.fromEntries(known)
  return (given) => {
    const args = fixed === undefined ? given : { ...fixed, ...given }
    const query = writeQuery(args)
    const url = checkedUrl(query === '' ? writePath(args) : `${writePath(args)}?${query}`)
    const headers = new Headers()
    writeHeaders?.(headers, args)
    const written = writeBody?.(args)
    if (written === undefined) return { url, headers, body: undefined }
    headers.set('content-type', written.type)
    return { url, headers, body: written.body }
  }
}

function parametersIn({ parameters }: ArgumentPlan, ...places: readonly ParameterPlace[]): Parameters {
  return [...parameters].filter(([, parameter]) => places.includes(parameter.in))
}

/** The address as it was written: its parser must have found nothing to change, for then each value is only its part. */
function checkedUrl(text: string): URL {
  if (text.length > LONGEST_URL) {
    throw new ToolError('VALIDATION_ERROR', `The arguments make an address of more than ${LONGEST_URL} characters`)
  }
  const url = new URL(text)
  if (url.href !== text) throw new ToolError('VALIDATION_ERROR', 'The arguments make another address')
  return url
}
