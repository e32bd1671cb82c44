import type { OpenApiOptions, RouteMap, RouteType } from '../options.ts'
import { labelOf } from '../reporting/label.ts'
import { attempt, wrong } from '../reporting/setting-problem.ts'
import type { Route } from '../routes/route.ts'

/** What becomes of an operation. */
export interface Decision {
  readonly type: RouteType
  readonly tags: readonly string[]
}

type Rules = Pick<OpenApiOptions, 'routeMaps' | 'routeMapFn' | 'tags'>

const TYPES: ReadonlySet<unknown> = new Set<RouteType>(['tool', 'resource', 'resourceTemplate', 'exclude'])
const METHODS: ReadonlySet<unknown> = new Set('GET HEAD OPTIONS POST PUT PATCH DELETE TRACE QUERY'.split(' '))

/**
 * Makes of the rules one function. The first rule that fits an operation decides, a tool is what no rule speaks of, and
 * `routeMapFn` has the last word. Throws `SETTING` for rules that cannot be; so does the function, where `routeMapFn` fails.
 */
export function compileRouteMaps({ routeMaps = [], routeMapFn, tags = [] }: Rules): (route: Route) => Decision {
  if (!Array.isArray(routeMaps)) throw wrong('routeMaps', 'must be a list of rules')
  const common = textsOf('tags', tags)
  const rules = routeMaps.map(compileRule)
  return (route) => {
    const rule = rules.find(({ fits }) => fits(route))
    const type = rule?.type ?? 'tool'
    return {
      type: routeMapFn === undefined ? type : lastWord(routeMapFn, route, type),
      tags: [...new Set([...route.tags, ...(rule?.tags ?? []), ...common])],
    }
  }
}

interface Rule {
  readonly type: RouteType
  readonly tags: readonly string[]
  fits(route: Route): boolean
}

function compileRule(map: RouteMap, index: number): Rule {
  const label = `routeMaps[${index}]`
  if (typeof map !== 'object' || map === null) throw wrong(label, 'must be a rule, as { type: "exclude" }')
  const { methods = '*', type } = map
  if (!TYPES.has(type)) {
    throw wrong(`${label}.type`, 'must be "tool", "resource", "resourceTemplate" or "exclude"')
  }
  const wanted = methods === '*' ? undefined : methodsOf(`${label}.methods`, methods)
  const pattern = patternOf(`${label}.pattern`, map.pattern)
  const needed = textsOf(`${label}.tags`, map.tags ?? [])
  return {
    type,
    tags: textsOf(`${label}.mcpTags`, map.mcpTags ?? []),
    fits: ({ method, path, tags }) =>
      (wanted === undefined || wanted.has(method)) &&
      (pattern === undefined || pattern.test(path)) &&
      needed.every((tag) => tags.includes(tag)),
  }
}

function methodsOf(label: string, methods: unknown): ReadonlySet<string> {
  const names = textsOf(label, methods).map((name) => name.toUpperCase())
  const stray = names.find((name) => !METHODS.has(name))
  if (stray !== undefined) throw wrong(label, `"${stray.slice(0, 40)}" is no method`)
  return new Set(names)
}

/** Without the flags that make an expression remember where it was. */
function patternOf(label: string, pattern: unknown): RegExp | undefined {
  if (pattern === undefined) return undefined
  if (pattern instanceof RegExp) return new RegExp(pattern.source, pattern.flags.replace(/[gy]/g, ''))
  if (typeof pattern !== 'string') throw wrong(label, 'must be a regular expression, or the source of one')
  try {
    return new RegExp(pattern)
  } catch (cause) {
    throw wrong(label, 'is no regular expression', cause)
  }
}

function textsOf(label: string, texts: unknown): readonly string[] {
  if (Array.isArray(texts) && texts.every((text) => typeof text === 'string')) return texts
  throw wrong(label, 'must be a list of texts')
}

function lastWord(routeMapFn: NonNullable<Rules['routeMapFn']>, route: Route, type: RouteType): RouteType {
  const said = attempt(`routeMapFn for ${labelOf(route)}`, () => routeMapFn(route, type))
  if (said === undefined || said === null) return type
  if (TYPES.has(said)) return said
  throw wrong(
    `routeMapFn for ${labelOf(route)}`,
    'gave no type; give "tool", "resource", "resourceTemplate" or "exclude"',
  )
}
