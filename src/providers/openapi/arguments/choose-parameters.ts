import { isReservedHeader, isToken } from '../requests/reserved-headers.ts'
import type { Api } from '../routes/api.ts'
import type { Parameter, Route } from '../routes/route.ts'
import { RouteProblem } from '../routes/route-problem.ts'

/** Reserved headers that come with every request, whatever the document says. */
const SENT_ANYWAY: ReadonlySet<string> = new Set([
  ...['accept', 'accept-charset', 'accept-encoding', 'connection', 'content-encoding', 'content-length'],
  ...['content-type', 'date', 'expect', 'host', 'keep-alive', 'te', 'trailer', 'transfer-encoding', 'upgrade'],
])
const LONGEST_LIST = 200

/**
 * The parameters that a caller may set: not the headers that say who is calling or how a message is framed, and not what
 * proves the caller. Throws `RouteProblem` where the operation needs one of these and nothing else gives it.
 */
export function chooseParameters(route: Route, api: Api, notes: Set<string>): readonly Parameter[] {
  const proofs = proofsOf(route, api)
  const settable = route.parameters.filter((parameter) => {
    if (proofs.has(keyOf(parameter))) return false
    if (parameter.in !== 'header') return true
    if (!isToken(parameter.name)) return leaveOut(parameter, notes)
    if (!isReservedHeader(parameter.name)) return true
    checkReserved(parameter, route)
    return false
  })
  if (settable.length <= LONGEST_LIST) return settable
  notes.add(`it has ${settable.length} parameters; only the first ${LONGEST_LIST} and the required ones are arguments`)
  return settable.filter((parameter, index) => parameter.required || index < LONGEST_LIST)
}

/** No request can hold a header of such a name. */
function leaveOut({ name, required }: Parameter, notes: Set<string>): false {
  const shown = JSON.stringify(name.slice(0, 60))
  if (required) throw new RouteProblem(`it needs a header ${shown}, and no header can be called so`)
  notes.add(`no header can be called ${shown}; it is no argument`)
  return false
}

function checkReserved({ name, required }: Parameter, { security }: Route): void {
  const isProof = /^(?:proxy-authorization|authorization|cookie2?)$/i.test(name) && security.length > 0
  if (!required || isProof || SENT_ANYWAY.has(name.toLowerCase())) return
  const shown = name.slice(0, 60)
  throw new RouteProblem(`it needs the header "${shown}", which no argument may set; give it by the option \`headers\``)
}

function proofsOf({ security }: Route, { schemes }: Api): ReadonlySet<string> {
  const keys = security.flatMap((need) =>
    [...need.keys()].flatMap((name) => {
      const scheme = schemes.get(name)
      return scheme?.type === 'apiKey' ? [keyOf(scheme)] : []
    }),
  )
  return new Set(keys)
}

function keyOf({ name, in: place }: { readonly name: string; readonly in: string }): string {
  return `${place} ${place === 'header' ? name.toLowerCase() : name}`
}
