/** The parts of a path as a document has it. */
export interface PathParts {
  readonly path: string
  /** What stands behind its `?`: some documents have that. */
  readonly query: string
  /** Names in the form of RFC 6570 for a query: `{?page,limit}`. */
  readonly optional: readonly string[]
  /** What stands behind its `#`. It never leaves a client, and only tells operations apart. */
  readonly fragment: string
}

const OPTIONAL = /\{[?&]([^{}]*)\}/g

/** Splits a path. What is in braces behind `?` or `#`, or in the form of a query, is no part of the path itself. */
export function splitPath(template: string): PathParts {
  const optional = [...template.matchAll(OPTIONAL)].flatMap(([, names = '']) => names.split(',').map(bareName))
  const [sent = '', ...rest] = template
    .replace(OPTIONAL, '')
    .replace(/\{#[^{}]*\}/g, '')
    .split('#')
  const at = sent.indexOf('?')
  return {
    path: at < 0 ? sent : sent.slice(0, at),
    query: at < 0 ? '' : sent.slice(at + 1),
    optional: optional.filter((name) => name !== ''),
    fragment: rest.join('#'),
  }
}

/** A name without operator and modifier, which some documents write as in RFC 6570: `{+name}`, `{path*}`, `{name=**}`. */
export function bareName(expression: string): string {
  return expression
    .replace(/^[+#./;?&]/, '')
    .replace(/[*:=].*$/, '')
    .trim()
}

/** The names in braces, each once, as they stand there. */
export function namesIn(template: string): readonly string[] {
  return [...new Set([...template.matchAll(/\{([^{}]+)\}/g)].map(([, name = '']) => name))]
}
