import type { OpenApiOptions } from '../options.ts'
import type { Api } from '../routes/api.ts'
import type { Parameter, Route } from '../routes/route.ts'

/**
 * The operation without those parameters whose values the author gives: fixed headers, forwarded ones, and what proves
 * the caller. Nobody is asked for them, and nobody can set them.
 */
export function withoutGiven(route: Route, { schemes }: Pick<Api, 'schemes'>, options: OpenApiOptions): Route {
  if (route.parameters.length === 0) return route
  const { headers = {}, forwardHeaders = [], auth = {} } = options
  const fixed = new Set([...Object.keys(headers), ...forwardHeaders].map((name) => name.toLowerCase()))
  const proofs = Object.keys(auth).flatMap((name) => {
    const scheme = schemes.get(name)
    return scheme?.type === 'apiKey' ? [scheme] : []
  })
  if (fixed.size === 0 && proofs.length === 0) return route
  const isGiven = ({ name, in: place }: Parameter): boolean =>
    (place === 'header' && fixed.has(name.toLowerCase())) ||
    proofs.some((proof) => proof.in === place && sameName(proof.name, name, place))
  const parameters = route.parameters.filter((parameter) => !isGiven(parameter))
  return parameters.length === route.parameters.length ? route : { ...route, parameters }
}

function sameName(one: string, other: string, place: string): boolean {
  return place === 'header' ? one.toLowerCase() === other.toLowerCase() : one === other
}
