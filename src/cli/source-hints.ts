/** Where the text of a file makes a server that it may not export. */
export type Hint =
  | { readonly kind: 'variable'; readonly name: string }
  | { readonly kind: 'function' | 'class'; readonly name: string }

const MAKES_SERVER = /new\s+FastMCP\s*[(<]/

/** Whether this source makes a server somewhere. */
export function makesServer(source: string): boolean {
  return MAKES_SERVER.test(source)
}

/**
 * Reads from the text of a file where it makes its first server: in a variable of the module,
 * or inside a function or class. A guess by indentation, good enough for an error message.
 */
export function hintIn(source: string): Hint | undefined {
  const lines = source.split(/\r?\n/)
  const at = lines.findIndex(makesServer)
  if (at < 0) return undefined
  const [, name] = /^(?:const|let|var)\s+([\p{ID_Continue}$]+)/u.exec(lines[at] ?? '') ?? []
  if (name !== undefined && !/=>/.test(lines[at] ?? '')) return { kind: 'variable', name }
  return enclosing(lines.slice(0, at + 1))
}

const OPENERS = [
  { kind: 'function', pattern: /^(?:export\s+)?(?:default\s+)?(?:async\s+)?function\s*\*?\s*([\p{ID_Continue}$]+)/u },
  { kind: 'function', pattern: /^(?:export\s+)?(?:const|let|var)\s+([\p{ID_Continue}$]+)\s*=.*(?:=>|function|\()/u },
  { kind: 'class', pattern: /^(?:export\s+)?(?:default\s+)?(?:abstract\s+)?class\s+([\p{ID_Continue}$]+)/u },
] as const

/** The last thing that began at the left edge. */
function enclosing(lines: readonly string[]): Hint | undefined {
  for (const line of lines.toReversed()) {
    for (const { kind, pattern } of OPENERS) {
      const [, name] = pattern.exec(line) ?? []
      if (name !== undefined) return { kind, name }
    }
  }
  return undefined
}
