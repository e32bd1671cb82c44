const LONGEST = 48

/** A name for a definition that needs no escaping anywhere, for what `wanted` asks for, which may be any text. */
export function definitionName(wanted: string): string {
  const plain = wanted
    .slice(0, 500)
    .replaceAll(/[^A-Za-z0-9_.-]+/g, '_')
    .replaceAll(/^[_.-]+|[_.-]+$/g, '')
  return plain.slice(0, LONGEST) || 'Schema'
}

/** The last step of a reference that tells something. */
export function nameIn(reference: string): string {
  const steps = reference.slice(reference.indexOf('#') + 1).split('/')
  const step = steps.findLast((each) => !DULL.has(each) && !/^\d*$/.test(each)) ?? ''
  return decode(step).replaceAll('~1', '/').replaceAll('~0', '~')
}

const DULL: ReadonlySet<string> = new Set(['schema', 'items', 'content', 'properties', 'allOf', 'anyOf', 'oneOf'])

function decode(step: string): string {
  try {
    return decodeURIComponent(step)
  } catch {
    return step
  }
}
