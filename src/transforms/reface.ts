import type { AnyComponent, Components, Prompt, Resource, Template, Tool } from '../components/component.ts'
import { type Face, faceOf } from '../components/face.ts'
import { andThen } from '../components/thenable.ts'
import type { Awaitable } from '../engine/call.ts'
import type { Context } from '../engine/context.ts'
import type { CallToolResult, GetPromptResult, ReadResourceResult } from '../protocol/methods.ts'
import { resourceNotFound } from '../protocol/resource-not-found.ts'

/** How a component is seen from outside. What is left out stays as it is. */
export interface Change {
  readonly id?: string
  readonly definition?: AnyComponent['definition']
  readonly tags?: readonly string[]
  /** The context that its handler sees. */
  readonly through?: (context: Context) => Context
  /** URIs from outside to inside and back; `below` gives undefined for a URI that is none of the source. */
  readonly uri?: { below(uri: string): string | undefined; above(uri: string): string }
  /** What is done to the results of tools and prompts. */
  readonly fix?: <R extends CallToolResult | GetPromptResult>(result: R, context: Context) => Awaitable<R>
}

/** A component with another face in front of the same work. */
export function reface<C extends AnyComponent>(component: C, face: Change): C {
  // Every branch keeps the kind.
  return Object.freeze(refaced(component, face)) as C
}

function refaced(component: AnyComponent, face: Change): AnyComponent {
  switch (component.kind) {
    case 'tool':
      return toolBehind(component, face)
    case 'resource':
      return { ...readable(component, face), read: readBehind(component, face) }
    case 'template':
      return templateBehind(component, face)
    case 'prompt':
      return promptBehind(component, face)
  }
}

function shown<C extends AnyComponent>(component: C, { id, definition, tags }: Change): Face<C> {
  const face = {
    ...faceOf(component),
    ...(id !== undefined && { id }),
    ...(definition !== undefined && { definition }),
    ...(tags !== undefined && { tags }),
  }
  return face as Face<C> // a definition is given for the kind that it is of
}

/** Whoever keeps what it gave goes on doing so. */
function readable<C extends Resource | Template>(
  component: C,
  face: Change,
): Face<C> & Pick<Resource, 'keep' | 'watch'> {
  return {
    ...shown(component, face),
    ...(component.keep !== undefined && { keep: component.keep }),
    ...(component.watch !== undefined && { watch: watchBehind(component, face) }),
  }
}

const NOTHING_BEGUN = (): void => undefined

function watchBehind(component: Resource | Template, { through = same, uri }: Change): NonNullable<Resource['watch']> {
  return (asked, context) => {
    const below = uri === undefined ? asked : uri.below(asked)
    return below === undefined ? NOTHING_BEGUN : (component.watch?.(below, through(context)) ?? NOTHING_BEGUN)
  }
}

const same = (context: Context): Context => context
const kept = <R>(result: R): R => result

function toolBehind(tool: Tool, face: Change): Tool {
  const { through = same, fix = kept } = face
  return {
    ...shown(tool, face),
    call: (args, context) => andThen(tool.call(args, through(context)), (result) => fix(result, context)),
  }
}

function promptBehind(prompt: Prompt, face: Change): Prompt {
  const { through = same, fix = kept } = face
  return {
    ...shown(prompt, face),
    get: (args, context) => andThen(prompt.get(args, through(context)), (result) => fix(result, context)),
    complete: (ask, context) => prompt.complete(ask, through(context)),
  }
}

function templateBehind(template: Template, face: Change): Template {
  const { through = same, uri } = face
  return {
    ...readable(template, face),
    matches: (asked) => {
      const below = uri === undefined ? asked : uri.below(asked)
      return below !== undefined && template.matches(below)
    },
    read: readBehind(template, face),
    complete: (ask, context) => template.complete(ask, through(context)),
  }
}

function readBehind(component: Resource | Template, { through = same, uri }: Change): Components['resource']['read'] {
  if (uri === undefined) return (asked, context) => component.read(asked, through(context))
  return (asked, context) => {
    const below = uri.below(asked)
    if (below === undefined) throw resourceNotFound(asked)
    return andThen(component.read(below, through(context)), (result) =>
      // What was asked for is called as it was asked for.
      readAbove(result, (part) => (part === below ? asked : uri.above(part))),
    )
  }
}

function readAbove(result: ReadResourceResult, above: (uri: string) => string): ReadResourceResult {
  return { ...result, contents: result.contents.map((part) => ({ ...part, uri: above(part.uri) })) }
}
