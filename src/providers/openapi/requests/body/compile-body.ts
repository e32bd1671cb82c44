import type { ArgumentPlan, BodyPlan } from '../../arguments/plan.ts'
import type { MediaType } from '../../routes/route.ts'
import { type Arguments, argumentOf } from '../arguments.ts'
import { hasMembers } from '../texts.ts'
import { refusalOf } from '../unsendable.ts'
import { fileFacts, memberFacts, NO_FILE } from './file-schema.ts'
import { formWriter } from './form.ts'
import { mediaKind } from './media-kind.ts'
import { type BodyFacts, multipartWriter } from './multipart.ts'
import { type ValueWriter, valueWriter } from './value-writers.ts'
import type { Written } from './written.ts'

/** Writes the body of a request; undefined where none is sent. */
export type BodyWriter = (args: Arguments) => Written | undefined

/** Compiles what becomes the body. Throws `ToolError` for what its media type cannot hold. */
export function compileBody(body: BodyPlan, schema: ArgumentPlan['schema']): BodyWriter {
  const { media } = body
  const gather = body.kind === 'whole' ? whole(body) : properties(body)
  const write = writerOf(media, factsOf(body, schema))
  const name = body.kind === 'whole' ? body.argument : 'body'
  const takesNull = mediaKind(media.type) === 'json'
  return (args) => {
    const value = gather(args)
    if (value === undefined || (value === null && !takesNull)) return undefined
    try {
      return write(value)
    } catch (problem) {
      throw refusalOf(problem, name)
    }
  }
}

function writerOf(media: MediaType, facts: BodyFacts): ValueWriter {
  const { parameters } = media
  const write = plainWriterOf(media, facts)
  if (parameters === undefined) return write
  return (value) => {
    const { type, body } = write(value)
    return { type: `${type}; ${parameters}`, body }
  }
}

function plainWriterOf(media: MediaType, facts: BodyFacts): ValueWriter {
  const kind = mediaKind(media.type)
  if (kind === 'parts') return multipartWriter(media, facts)
  if (kind !== 'form') return valueWriter(media.type, facts.itself)
  const write = formWriter(media)
  return (value) => ({ type: media.type, body: write(value) ?? '' })
}

type Gather = (args: Arguments) => unknown

function whole({ argument }: BodyPlan & { readonly kind: 'whole' }): Gather {
  return (args) => argumentOf(args, argument)
}

function properties(body: BodyPlan & { readonly kind: 'properties' }): Gather {
  const pairs = [...body.properties]
  // An assignment to this one name would not make a member.
  const isSafe = !pairs.some(([, property]) => property === '__proto__')
  return (args) => {
    const gathered: Record<string, unknown> = isSafe ? {} : Object.create(null)
    let isEmpty = true
    for (const [argument, property] of pairs) {
      const value = argumentOf(args, argument)
      if (value === undefined) continue
      gathered[property] = value
      isEmpty = false
    }
    return isEmpty && !body.required ? undefined : gathered
  }
}

/** What of the body is a file, by the schema of the arguments that become it, and what the document says of its type. */
function factsOf(body: BodyPlan, root: ArgumentPlan['schema']): BodyFacts {
  const known = hasMembers(root.properties) ? root.properties : {}
  if (body.kind === 'whole') {
    const schema = argumentOf(known, body.argument)
    return { itself: fileFacts(schema, root), members: memberFacts(schema, root) }
  }
  const ofDocument = memberFacts(body.media.schema, undefined)
  const members = [...body.properties].map(([argument, property]) => {
    const facts = fileFacts(argumentOf(known, argument), root)
    const contentType = facts.contentType ?? ofDocument.get(property)?.contentType
    return [property, { ...facts, contentType }] as const
  })
  return { itself: NO_FILE, members: new Map(members) }
}
