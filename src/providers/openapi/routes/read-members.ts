import { isRecord } from '../../../protocol/json-rpc.ts'

/** An object of a document: any member may be of any type. */
export type Members = Readonly<Record<string, unknown>>

/** A member, if it is the object's own. */
export function memberIn(members: Members, name: string): unknown {
  return Object.hasOwn(members, name) ? members[name] : undefined
}

/** A member that is an object; else one without members. */
export function membersIn(members: Members, name: string): Members {
  const member = memberIn(members, name)
  return isRecord(member) ? member : {}
}

/** A member that is a list; else an empty one. */
export function listIn(members: Members, name: string): readonly unknown[] {
  const member = memberIn(members, name)
  return Array.isArray(member) ? member : []
}

/** A member that is a text of more than spaces. */
export function textIn(members: Members, name: string): string | undefined {
  const member = memberIn(members, name)
  return typeof member === 'string' && member.trim() !== '' ? member : undefined
}

/** Whether a member is true. */
export function flagIn(members: Members, name: string): boolean {
  return memberIn(members, name) === true
}

/** A member as a text, also where YAML took it for something else, as a bare `8080`. */
export function wordIn(members: Members, name: string): string | undefined {
  const member = memberIn(members, name)
  return typeof member === 'number' || typeof member === 'boolean' ? String(member) : textIn(members, name)
}

/** Whether so few members are there that they may be copied wherever the object is referred to. */
export function isSmall(members: Members): boolean {
  return hasAtMost(members, MOST_COPIED)
}

const MOST_COPIED = 200

/** Whether an object has no more members than that; takes no longer for one that has millions. */
export function hasAtMost(members: Members, most: number): boolean {
  let count = 0
  for (const _ in members) if (++count > most) return false
  return true
}

/** What is put into an object if it is there. */
export function given<K extends string, V>(name: K, value: V | undefined): { readonly [N in K]?: V } {
  // One member, of the name that the type says.
  return (value === undefined ? {} : { [name]: value }) as { readonly [N in K]?: V }
}
