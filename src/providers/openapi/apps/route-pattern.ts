/** A parameter of a path, as a document has it. */
export interface PathParameter {
  readonly name: string
  readonly in: 'path'
  readonly required: true
  readonly schema: { readonly type: 'string'; readonly pattern?: string }
}

/** A path as a document has it. */
export interface PathPattern {
  readonly path: string
  readonly parameters: readonly PathParameter[]
}

const PARAMETER = /^:([^{}?]+)(?:\{(.+)\})?\??$/s

/**
 * The paths that a pattern of a router stands for: `/users/:id{[0-9]+}` is `/users/{id}`, `/posts/:id?` is `/posts` and
 * `/posts/{id}`, and a `*` is a parameter named `wildcard`. None where a document cannot say it.
 */
export function pathsOf(pattern: string): readonly PathPattern[] {
  const segments = segmentsOf(pattern)
  const variants = pattern.endsWith('?') ? segments.flatMap((segment, at) => (isOptional(segment) ? [at] : [])) : []
  return [...variants, segments.length].flatMap((end) => pathOf(segments.slice(0, end)) ?? [])
}

function isOptional(segment: string): boolean {
  return segment.startsWith(':') && segment.endsWith('?')
}

/** A `/` inside of braces separates nothing. */
function segmentsOf(pattern: string): readonly string[] {
  const segments: string[] = []
  let [segment, depth] = ['', 0]
  for (const character of pattern) {
    if (character === '{') depth++
    if (character === '}') depth--
    if (character === '/' && depth === 0) {
      segments.push(segment)
      segment = ''
    } else segment += character
  }
  segments.push(segment)
  return segments[0] === '' ? segments.slice(1) : segments
}

function pathOf(segments: readonly string[]): PathPattern | undefined {
  const parameters: PathParameter[] = []
  let path = ''
  for (const segment of segments) {
    const [isParameter, given = '', source] = PARAMETER.exec(segment) ?? []
    if (isParameter !== undefined || segment === '*') {
      const name = freeName(segment === '*' ? 'wildcard' : given, parameters)
      parameters.push({ name, in: 'path', required: true, schema: schemaOf(source) })
      path += `/{${name}}`
    } else if (/[{}*?#]/.test(segment)) return undefined
    else path += `/${segment}`
  }
  return { path: path === '' ? '/' : path, parameters }
}

function freeName(wanted: string, taken: readonly PathParameter[]): string {
  let name = wanted
  for (let count = 2; taken.some((parameter) => parameter.name === name); count++) name = `${wanted}${count}`
  return name
}

function schemaOf(source: string | undefined): PathParameter['schema'] {
  if (source === undefined) return { type: 'string' }
  try {
    return { type: 'string', pattern: new RegExp(`^(?:${source})$`).source }
  } catch {
    return { type: 'string' }
  }
}
