import type { JsonSchema } from '../../../schema/json-schema.ts'
import { typeOf } from '../../../schema/typing.ts'
import { shorten } from '../names/shorten.ts'
import type { Api } from '../routes/api.ts'
import type { Parameter, RawSchema, Route } from '../routes/route.ts'
import { RouteProblem } from '../routes/route-problem.ts'
import { examplesFor } from '../schemas/annotate.ts'
import { bundle } from '../schemas/bundle.ts'
import { withoutEcho } from '../schemas/clean-members.ts'
import { LARGEST, writtenOut } from '../schemas/portable-schema.ts'
import { libraryOf } from '../schemas/schema-library.ts'
import { type ArgumentNames, nameArguments } from './argument-names.ts'
import { chooseMedia, isEmpty } from './choose-media.ts'
import { chooseParameters } from './choose-parameters.ts'
import type { ArgumentPlan, BodyPlan } from './plan.ts'
import { planBody } from './plan-body.ts'
import type { Planning } from './planning.ts'

const LONGEST_DESCRIPTION = 300
/** `fetch` sends no body with them. */
const BODILESS: ReadonlySet<string> = new Set(['GET', 'HEAD', 'TRACE'])

/**
 * Makes one flat object of all that an operation takes: its parameters, and the members of its body, or the body as a whole
 * where it has no members that are known. Throws `RouteProblem` for an operation that nobody could call.
 */
export function planArguments(route: Route, api: Api): { plan: ArgumentPlan; notes: readonly string[] } {
  const planning: Planning = { library: libraryOf(api, 'request'), notes: new Set() }
  if (planning.library.budget.characters < 0) throw new RouteProblem(TOO_MUCH)
  const parameters = chooseParameters(route, api, planning.notes)
  const body = bodyOf(route, planning)
  const names = nameArguments(parameters, [...(body?.members.keys() ?? [])])
  const properties: [string, JsonSchema][] = []
  const required: string[] = []
  for (const [argument, parameter] of names.parameters) {
    const schema = schemaOf(parameter, argument, planning)
    const only = parameter.required ? onlyValueOf(schema) : undefined
    // What can only be one thing nobody has to say.
    properties.push([argument, only === undefined ? schema : { ...schema, default: only }])
    if (parameter.required && only === undefined) required.push(argument)
  }
  for (const [argument, member] of names.properties) {
    properties.push([argument, named(body?.members.get(member) ?? {}, argument, member)])
    if (body?.required.has(member) === true) required.push(argument)
  }
  const root: JsonSchema = {
    type: 'object',
    properties: Object.fromEntries(properties),
    ...(required.length > 0 && { required }),
    ...bodyRule(body, names),
  }
  const { schema, notes, effort } = bundle(root, planning.library, LARGEST.request)
  planning.library.budget.characters -= effort
  const plan: ArgumentPlan = {
    schema: { ...schema, additionalProperties: false },
    parameters: names.parameters,
    ...(body !== undefined && { body: bodyPlanOf(body, names.properties) }),
  }
  return { plan, notes: [...new Set([...planning.notes, ...notes])] }
}

const TOO_MUCH = 'the arguments of the operations before it are too much already; leave some out with `routeMaps`'

type Body = ReturnType<typeof planBody>

function bodyOf({ body, method }: Route, planning: Planning): Body | undefined {
  if (body === undefined) return undefined
  if (BODILESS.has(method)) {
    if (body.content.every(isEmpty)) return undefined
    if (body.required) throw new RouteProblem(`it needs a body, and none can be sent with ${method}`)
    planning.notes.add(`a body cannot be sent with ${method}, so it is left out`)
    return undefined
  }
  const chosen = chooseMedia(body.content)
  return chosen === undefined ? undefined : planBody(body, chosen, planning)
}

function bodyPlanOf({ media, isWhole, isSentEmpty }: Body, names: ReadonlyMap<string, string>): BodyPlan {
  const [argument = 'body'] = names.keys()
  if (isWhole) return { kind: 'whole', media, argument }
  return { kind: 'properties', media, properties: names, required: isSentEmpty }
}

/** A body that may be left out has members that it needs: whoever gives more than the parameters gives these. */
function bodyRule(body: Body | undefined, { parameters, properties: names }: ArgumentNames): JsonSchema {
  if (body === undefined || body.needed.size === 0 || names.size === 1 || names.size > MOST_DEPENDENT) return {}
  const required = [...names].filter(([, member]) => body.needed.has(member)).map(([argument]) => argument)
  const others = [...parameters.keys()]
  const isLeftOut = others.length === 0 ? { maxProperties: 0 } : { propertyNames: { enum: others } }
  return { if: isLeftOut, else: { required } }
}

const MOST_DEPENDENT = 30

function schemaOf(parameter: Parameter, argument: string, planning: Planning): JsonSchema {
  const node = cleaned(parameter.schema ?? parameter.content?.schema, planning)
  const words = shorten(parameter.description ?? '', LONGEST_DESCRIPTION)
  const described: JsonSchema = {
    ...withoutEcho(parameter.name, node),
    ...(node.examples === undefined && examplesFor(node, fitting(node, parameter.examples))),
    ...(words !== '' && { description: words }),
    ...(parameter.deprecated && { deprecated: true }),
  }
  return named(described, argument, parameter.name)
}

/** Some documents give as an example how a value is written, and not what it is. */
function fitting({ type }: JsonSchema, examples: readonly unknown[] = []): readonly unknown[] {
  if (typeof type !== 'string') return examples
  return examples.filter((value) => type === typeOf(value) || (type === 'number' && typeOf(value) === 'integer'))
}

/** The one value that a schema allows. */
function onlyValueOf({ enum: values, const: value }: JsonSchema): unknown {
  const [only, ...others] = Array.isArray(values) ? values : [value]
  return others.length === 0 && ['string', 'number', 'boolean'].includes(typeof only) ? only : undefined
}

function cleaned(schema: RawSchema | undefined, { library, notes }: Planning): JsonSchema {
  // Without a schema all that is known is that it is written as text.
  if (schema === undefined || typeof schema === 'boolean') return schema === undefined ? { type: 'string' } : {}
  const { node, notes: words } = writtenOut(library, library.take(schema))
  for (const each of words) notes.add(each)
  return node
}

/** An argument that could not have its own name says what it is. */
function named(schema: JsonSchema, argument: string, name: string): JsonSchema {
  if (argument === name || argument.startsWith(`${name}__`)) return schema
  const { description } = schema
  const words = `\`${name.slice(0, 100)}\``
  return { ...schema, description: typeof description === 'string' ? `${words}: ${description}` : words }
}
