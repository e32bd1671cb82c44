/** A value in a schema as JSON carries it; undefined where that is not possible, or would be longer than `most` characters. */
export function plainData(value: unknown, most: number): unknown {
  const room = { left: most }
  const copy = copyOf(value, room, 0)
  return room.left < 0 ? undefined : copy
}

const DEEPEST = 16

function copyOf(value: unknown, room: { left: number }, depth: number): unknown {
  room.left -= typeof value === 'string' ? value.length + 2 : 4
  if (room.left < 0) return undefined
  if (typeof value === 'string' || typeof value === 'boolean' || value === null) return value
  if (typeof value === 'number' && Number.isFinite(value)) return value
  if (typeof value !== 'object' || depth >= DEEPEST) {
    room.left = -1
    return undefined
  }
  if (Array.isArray(value)) return value.map((item) => copyOf(item, room, depth + 1))
  const members: [string, unknown][] = []
  for (const [key, member] of Object.entries(value)) {
    room.left -= key.length + 4
    if (room.left < 0) return undefined
    if (key !== '__proto__' && member !== undefined) members.push([key, copyOf(member, room, depth + 1)])
  }
  return Object.fromEntries(members)
}
