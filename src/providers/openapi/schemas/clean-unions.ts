import type { JsonSchema } from '../../../schema/json-schema.ts'
import { isSchemaObject } from '../../../schema/keywords.ts'
import { ANNOTATIONS } from './annotate.ts'
import type { CleanInner, Inside } from './clean-members.ts'
import type { Cleaning, Draft } from './cleaning.ts'
import { createMarker, discriminatorOf } from './discriminator.ts'

const NULL: JsonSchema = { type: 'null' }
const MOST_BRANCHES = 500

/**
 * Adds to a draft what a schema is put together from: what it refers to, `allOf`, and its branches. `oneOf` becomes `anyOf`:
 * in the documents there are, branches often overlap, and then `oneOf` refuses what the API takes.
 */
export function cleanUnions(raw: JsonSchema, node: Draft, { work, clean, cleanPart, isPart }: InUnion): Draft {
  const all = [...referredIn(raw, work, isPart), ...partsOf(raw.allOf, cleanPart)].flatMap(spliced)
  const cleanBranch = branchCleaner(raw, work, clean)
  const unions = [raw.oneOf, raw.anyOf].flatMap((list) => {
    const branches = partsOf(list, cleanBranch)
    return branches.length === 0 ? [] : [branches]
  })
  const [first, second] = unions
  if (first !== undefined && second === undefined) {
    if (first.length === 1) all.push(...first)
    else node.anyOf = first
  } else all.push(...unions.map((branches) => (branches.length === 1 ? (branches[0] ?? {}) : { anyOf: branches })))
  const whole = conjoined(node, all, work)
  return raw.nullable === true ? nullable(whole) : whole
}

/** What a schema is put together with. */
interface InUnion extends Inside {
  /** Cleans one of an `allOf`. */
  readonly cleanPart: CleanInner
  /** Whether it is one itself. */
  readonly isPart: boolean
}

/** Cleans branches. Where a discriminator tells them apart, each says by which values: of an answer nobody has to know. */
function branchCleaner(raw: JsonSchema, work: Cleaning, clean: CleanInner): CleanInner {
  const discriminator = work.side === 'request' ? discriminatorOf(raw) : undefined
  if (discriminator === undefined) return clean
  const mark = createMarker(discriminator, work.peek)
  return (branch) => {
    const node = clean(branch)
    return isSchemaObject(branch) && typeof branch.$ref === 'string' ? mark(node, branch.$ref) : node
  }
}

function referredIn({ $ref }: JsonSchema, work: Cleaning, isPart: boolean): readonly JsonSchema[] {
  if (typeof $ref !== 'string') return []
  const target = work.refer($ref, isPart)
  if (target !== undefined) return [target]
  work.note(`the reference "${$ref.slice(0, 100)}" leads to no schema of the document; any value is taken`)
  return []
}

function partsOf(list: unknown, clean: (raw: unknown) => JsonSchema): readonly JsonSchema[] {
  return Array.isArray(list) ? list.slice(0, MOST_BRANCHES).map(clean) : []
}

/** An `allOf` in an `allOf` is one. */
function spliced(part: JsonSchema): readonly JsonSchema[] {
  const { allOf, ...rest } = part
  if (!Array.isArray(allOf)) return isEmpty(part) ? [] : [part]
  return isEmpty(rest) ? allOf : [rest, ...allOf]
}

function isEmpty(node: JsonSchema): boolean {
  return Object.keys(node).length === 0
}

/** The draft and all parts in one; as few schemas as that takes. */
function conjoined(node: Draft, parts: readonly JsonSchema[], work: Cleaning): Draft {
  if (parts.length === 0) return node
  // Together they know all members, and each alone would refuse those of the others.
  const isAlone = parts.length === 1 && isPlain(node)
  const open = isAlone ? parts : [node, ...parts].map((part) => opened({ ...part }, work))
  const [own = {}, ...others] = isAlone ? [node, ...open] : open
  const left: JsonSchema[] = []
  let whole: Draft = own
  for (const part of others) {
    const merged = part.$ref === undefined ? merge(whole, part) : undefined
    if (merged === undefined) left.push(part)
    else whole = merged
  }
  const [only] = left
  if (only === undefined) return whole
  return (left.length === 1 ? merge(whole, only) : undefined) ?? { ...whole, allOf: left }
}

/** Both in one, where no keyword of one means something else beside the other. */
function merge(node: Draft, part: JsonSchema): Draft | undefined {
  const { properties, required } = part
  const own = isSchemaObject(node.properties) ? node.properties : {}
  const others = isSchemaObject(properties) ? properties : {}
  const isFree = Object.keys(part).every((keyword) => {
    if (!Object.hasOwn(node, keyword) || ANNOTATIONS.has(keyword) || keyword === 'required') return true
    if (keyword === 'properties') return Object.keys(others).every((name) => !Object.hasOwn(own, name))
    return SCALARS.has(typeof node[keyword]) && node[keyword] === part[keyword]
  })
  if (!isFree) return undefined
  const names = [node.required, required].flatMap((list): readonly unknown[] => (Array.isArray(list) ? list : []))
  return {
    ...part,
    ...node,
    ...(names.length > 0 && { required: [...new Set(names)] }),
    ...((properties ?? node.properties) !== undefined && { properties: { ...own, ...others } }),
  }
}

const SCALARS: ReadonlySet<string> = new Set(['string', 'number', 'boolean'])

function isPlain(node: JsonSchema): boolean {
  return Object.keys(node).every((keyword) => ANNOTATIONS.has(keyword) || keyword === 'type')
}

/** A part of a whole must let the members of the other parts pass. */
function opened(part: Draft, work: Cleaning): Draft {
  if (part.additionalProperties === false) delete part.additionalProperties
  if (typeof part.$ref === 'string') work.open(part.$ref)
  return part
}

/** What may be null as well, as versions before 3.1 say it. */
function nullable(node: Draft): Draft {
  const { type, anyOf, $ref, allOf } = node
  const isWhole = $ref === undefined && allOf === undefined && anyOf === undefined
  if (isWhole && type === undefined && node.enum === undefined) return node
  if (isWhole) return { ...node, ...nullableType(type), ...nullableEnum(node.enum) }
  if (Array.isArray(anyOf) && isOnly(node, 'anyOf')) {
    const hasNull = anyOf.some((branch) => isSchemaObject(branch) && branch.type === 'null')
    return hasNull ? node : { ...node, anyOf: [...anyOf, NULL] }
  }
  const entries = Object.entries(node)
  const deciding = entries.filter(([keyword]) => !ANNOTATIONS.has(keyword))
  const describing = entries.filter(([keyword]) => ANNOTATIONS.has(keyword))
  return { ...Object.fromEntries(describing), anyOf: [Object.fromEntries(deciding), NULL] }
}

function nullableType(type: unknown): JsonSchema {
  if (type === undefined) return {}
  const types: readonly unknown[] = Array.isArray(type) ? type : [type]
  return types.includes('null') ? {} : { type: [...types, 'null'] }
}

function nullableEnum(values: unknown): JsonSchema {
  return Array.isArray(values) && !values.includes(null) ? { enum: [...values, null] } : {}
}

function isOnly(node: JsonSchema, keyword: string): boolean {
  return Object.keys(node).every((each) => each === keyword || ANNOTATIONS.has(each))
}
