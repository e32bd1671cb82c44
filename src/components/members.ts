import { isRecord } from '../protocol/json-rpc.ts'
import type { JsonSchema } from '../schema/json-schema.ts'
import { type References, referencesOf } from '../schema/references.ts'

/** One member that an object schema advertises. */
export interface Member {
  readonly schema: JsonSchema
  readonly required: boolean
}

/**
 * The members of an object schema by name, through references, intersections and unions. In a union a
 * member is required if every branch requires it.
 */
export function membersOf(json: JsonSchema): ReadonlyMap<string, Member> {
  return collect(json, { references: referencesOf(json), open: new Set() })
}

interface Walk {
  readonly references: References
  readonly open: Set<unknown>
}

function collect(node: unknown, walk: Walk): ReadonlyMap<string, Member> {
  if (!isRecord(node) || walk.open.has(node)) return new Map()
  walk.open.add(node)
  const groups = [
    ownMembers(node),
    collect(walk.references.get(node), walk),
    ...listOf(node.allOf).map((part) => collect(part, walk)),
    ...[node.anyOf, node.oneOf].map((union) => unite(listOf(union).map((branch) => collect(branch, walk)))),
  ]
  walk.open.delete(node)
  const members = new Map<string, Member>()
  for (const [name, member] of groups.flatMap((group) => [...group])) {
    const before = members.get(name)
    members.set(name, before ? { ...before, required: before.required || member.required } : member)
  }
  return members
}

function ownMembers({ properties, required }: JsonSchema): Map<string, Member> {
  if (!isRecord(properties)) return new Map()
  const demanded = new Set(listOf(required))
  return new Map(
    Object.entries(properties).map(([name, schema]) => [
      name,
      { schema: isRecord(schema) ? schema : {}, required: demanded.has(name) },
    ]),
  )
}

function unite(branches: readonly ReadonlyMap<string, Member>[]): Map<string, Member> {
  const members = new Map<string, Member>()
  for (const [name, { schema }] of branches.flatMap((branch) => [...branch])) {
    const required = branches.every((branch) => branch.get(name)?.required === true)
    if (!members.has(name)) members.set(name, { schema, required })
  }
  return members
}

function listOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : []
}
