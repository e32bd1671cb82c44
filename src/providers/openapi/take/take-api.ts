import type { Tool } from '../../../components/component.ts'
import { FastMCPError } from '../../../protocol/errors.ts'
import { createLocalProvider, type LocalProvider } from '../../local.ts'
import { checkNames } from '../names/check-names.ts'
import { createNames } from '../names/create-names.ts'
import type { ExcludedRoute, OpenApiReport, TakenRoute } from '../report.ts'
import { labelOf } from '../reporting/label.ts'
import { makeReport } from '../reporting/make-report.ts'
import { attempt } from '../reporting/setting-problem.ts'
import type { Api, SkippedRoute } from '../routes/api.ts'
import type { Route } from '../routes/route.ts'
import { RouteProblem } from '../routes/route-problem.ts'
import { checkCredentials } from '../security/compile-proof.ts'
import { checkServerVariables } from '../security/server.ts'
import { changeComponent } from './change-component.ts'
import { makeComponent } from './make-component.ts'
import type { PreparedOptions } from './prepare-options.ts'
import { prepareRoute } from './prepare-route.ts'

/** What became of a document. */
export interface Taken {
  readonly local: LocalProvider
  readonly report: OpenApiReport
}

/**
 * Makes components of all operations of a document that can be offered; the others are reported with a reason. Throws
 * `SETTING` where a function of the author's fails.
 */
export function takeApi(api: Api, options: PreparedOptions): Taken {
  const local = createLocalProvider()
  const { componentFn, names: wanted } = options.given
  checkCredentials(api, options.given.auth)
  checkServerVariables(api, options.given)
  checkNames(wanted, api)
  const nameOf = createNames(wanted)
  const taken: TakenRoute[] = []
  const excluded: ExcludedRoute[] = []
  const skipped: SkippedRoute[] = [...api.skipped]
  const missing = new Set<string>()

  for (const route of api.routes) {
    const { type, tags } = options.decide(route)
    if (type === 'exclude') {
      excluded.push(placeOf(route))
      continue
    }
    const habits = options.habitsOf(route)
    const prepared = orReason(() => prepareRoute(route, { api, options, habits }))
    if (typeof prepared === 'string') {
      skipped.push({ ...placeOf(route), reason: prepared })
      continue
    }
    const { name, wanted: asked } = attempt(`names for ${labelOf(route)}`, () => nameOf(route))
    const made = orReason(() => makeComponent(route, { type, tags, name, prepared }))
    if (typeof made === 'string') {
      skipped.push({ ...placeOf(route), reason: made })
      continue
    }
    const component = componentFn === undefined ? made.component : changeComponent(componentFn, route, made.component)
    local.add(component)
    for (const scheme of prepared.missing) missing.add(scheme)
    taken.push({
      ...placeOf(route),
      type: TYPE_OF[component.kind],
      id: component.id,
      ...(name !== asked && { renamedFrom: asked }),
      notes: [...new Set([...(route.notes ?? []), ...prepared.notes, ...made.notes])],
    })
  }

  const tools: readonly Tool[] = local.list('tool')
  return { local, report: makeReport(api, { taken, excluded, skipped, missingCredentials: missing, tools }) }
}

const TYPE_OF = { tool: 'tool', resource: 'resource', template: 'resourceTemplate', prompt: 'tool' } as const

function placeOf({ method, path, operationId }: Route): ExcludedRoute {
  return { method, path, ...(operationId !== undefined && { operationId }) }
}

/** What is made, or why it cannot be. Documents are written by anybody, and no operation may cost the others. */
function orReason<T extends object>(make: () => T): T | string {
  try {
    return make()
  } catch (problem) {
    if (problem instanceof RouteProblem) return problem.message
    // The author's doing, and not the document's.
    if (problem instanceof FastMCPError && problem.code === 'SETTING') throw problem
    return `it cannot be read: ${problem instanceof Error ? problem.message.slice(0, 300) : 'something is wrong with it'}`
  }
}
