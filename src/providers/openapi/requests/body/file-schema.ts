import { isFileSchema } from '../../arguments/file-argument.ts'
import { argumentOf } from '../arguments.ts'
import { hasMembers } from '../texts.ts'

const MOST_STEPS = 20

/** What the schema of an argument says of the files in it. */
export interface FileFacts {
  /** Whether it is a file itself, or a list of files. */
  readonly isFile: boolean
  readonly contentType: string | undefined
  /** Whether its base64 is what is sent, and not its bytes. */
  readonly isEncoded: boolean
}

/** What is known of a value whose schema says nothing of files. */
export const NO_FILE: FileFacts = { isFile: false, contentType: undefined, isEncoded: false }

/** Finds out whether a schema is that of a file, or of a list of files. `root` is where its references lead. */
export function fileFacts(schema: unknown, root: unknown): FileFacts {
  const found = findFile(schema, root, { left: MOST_STEPS })
  if (found === undefined) return NO_FILE
  const type = found.contentMediaType
  const isConcrete = typeof type === 'string' && /^[\w!#$&^.+-]+\/[\w!#$&^.+-]+$/.test(type)
  return { isFile: true, contentType: isConcrete ? type : undefined, isEncoded: found.contentEncoding === 'base64' }
}

/** The same for each property of the schema of an object. */
export function memberFacts(schema: unknown, root: unknown): ReadonlyMap<string, FileFacts> {
  const target = follow(schema, root)
  const properties = target === undefined ? undefined : target.properties
  if (!hasMembers(properties)) return new Map()
  return new Map(Object.entries(properties).map(([name, member]) => [name, fileFacts(member, root)]))
}

type Members = Readonly<Record<string, unknown>>

/** Looks into as many schemas as `budget` says; a document could have them without end. */
function findFile(schema: unknown, root: unknown, budget: { left: number }): Members | undefined {
  const target = budget.left-- > 0 ? follow(schema, root) : undefined
  if (target === undefined || isFile(target)) return target
  const { items, anyOf, oneOf, allOf } = target
  for (const inner of [[items], anyOf, oneOf, allOf]) {
    for (const each of Array.isArray(inner) ? inner.slice(0, MOST_STEPS) : []) {
      const found = findFile(each, root, budget)
      if (found !== undefined) return found
    }
  }
  return undefined
}

/** In the form that arguments have for files, or in that of documents. */
function isFile(schema: Members): boolean {
  const { properties, required } = schema
  if (!hasMembers(properties)) return isFileSchema(schema)
  return hasMembers(argumentOf(properties, 'base64')) && Array.isArray(required) && required.includes('base64')
}

/** What a schema is behind its references. */
function follow(schema: unknown, root: unknown): Members | undefined {
  let current = schema
  for (let steps = 0; steps < MOST_STEPS; steps++) {
    if (!hasMembers(current)) return undefined
    if (typeof current.$ref !== 'string') return current
    current = targetOf(current.$ref, root)
  }
  return undefined
}

function targetOf(reference: string, root: unknown): unknown {
  if (!reference.startsWith('#/')) return undefined
  let target = root
  for (const part of reference.slice(2).split('/')) {
    const key = part.replaceAll('~1', '/').replaceAll('~0', '~')
    if (!hasMembers(target) || !Object.hasOwn(target, key)) return undefined
    target = target[key]
  }
  return target
}
