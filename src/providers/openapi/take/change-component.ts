import { type AnyComponent, KINDS } from '../../../components/component.ts'
import { isRecord } from '../../../protocol/json-rpc.ts'
import type { OpenApiOptions, OpenComponent } from '../options.ts'
import { labelOf } from '../reporting/label.ts'
import { attempt, wrong } from '../reporting/setting-problem.ts'
import type { Route } from '../routes/route.ts'

type ComponentFn = NonNullable<OpenApiOptions['componentFn']>

/** What the author's function makes of a component: what it gives, or else what it did to the copy that it was given. */
export function changeComponent(componentFn: ComponentFn, route: Route, component: AnyComponent): AnyComponent {
  const label = `componentFn for ${labelOf(route)}`
  const open = opened(component)
  const given = attempt(label, () => componentFn(route, open))
  const other = given ?? (isSame(open, component) ? component : frozen(open))
  if (!KINDS.includes(other.kind) || typeof other.id !== 'string' || !isRecord(other.definition)) {
    throw wrong(label, 'gave no component; give one, such as { ...component, tags: [] }, or undefined')
  }
  const { id, definition } = other
  const shown =
    'uri' in definition ? definition.uri : 'uriTemplate' in definition ? definition.uriTemplate : definition.name
  if (shown === id) return other
  throw wrong(
    label,
    `gave a component that is shown as "${shown}" and found as "${id}"; give it another name by \`names\``,
  )
}

function opened(component: AnyComponent): OpenComponent {
  // The same kind of component, one level deeper than the compiler follows.
  return { ...component, definition: { ...component.definition }, tags: [...component.tags] } as OpenComponent
}

function frozen(open: OpenComponent): AnyComponent {
  const { definition, tags } = open
  if (isRecord(definition)) Object.freeze(definition)
  if (Array.isArray(tags)) Object.freeze(tags)
  return Object.freeze(open) as AnyComponent // what it was before it could be changed
}

/** Whether nothing was done to a copy; what is prepared for the component itself can then be used. */
function isSame(open: OpenComponent, component: AnyComponent): boolean {
  const { definition, tags, ...rest } = open
  const { definition: known, tags: knownTags, ...others } = component
  return isAlike(rest, others) && isAlike(definition, known) && isAlike(tags, knownTags)
}

function isAlike(one: object, other: object): boolean {
  const [ours, theirs] = [Object.entries(one), new Map(Object.entries(other))]
  return ours.length === theirs.size && ours.every(([key, value]) => theirs.has(key) && theirs.get(key) === value)
}
