const BYTES_PER_CHARACTER = 2
const BYTES_PER_NUMBER = 8
const BYTES_PER_OBJECT = 48
const BYTES_PER_MEMBER = 16

/** About how much memory a value takes, in bytes: text, numbers and bytes wherever they are in it. What it holds twice counts once. */
export function sizeOf(value: unknown): number {
  const seen = new Set<object>()
  const left: unknown[] = [value]
  let bytes = 0
  // Not by recursion: values may nest deeper than the stack.
  while (left.length > 0) {
    const next = left.pop()
    if (typeof next === 'string') bytes += next.length * BYTES_PER_CHARACTER
    else if (typeof next !== 'object' || next === null) bytes += BYTES_PER_NUMBER
    else if (!seen.has(next)) {
      seen.add(next)
      bytes += BYTES_PER_OBJECT + look(next, left)
    }
  }
  return bytes
}

/** Puts what an object holds on the pile, and gives the size of what is not put there. */
function look(object: object, pile: unknown[]): number {
  if (ArrayBuffer.isView(object) || object instanceof ArrayBuffer) return object.byteLength
  if (Array.isArray(object) || object instanceof Set) return put(object, pile)
  if (object instanceof Map) return put(object.keys(), pile) + put(object.values(), pile)
  return put(Object.keys(object), pile) + put(Object.values(object), pile)
}

function put(values: Iterable<unknown>, pile: unknown[]): number {
  const before = pile.length
  for (const value of values) pile.push(value)
  return (pile.length - before) * BYTES_PER_MEMBER
}
