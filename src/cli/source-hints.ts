/** Where the text of a file makes a server that it may not export. */
export type Hint =
  | { readonly kind: 'variable' | 'function'; readonly name: string }
  | { readonly kind: 'class'; readonly name: string; readonly field: string }

const MAKES_SERVER = /new\s+(?:[\p{ID_Continue}$]+\.)?FastMCP\s*[(<]/u
const VARIABLE = /^(?:const|let|var)\s+([\p{ID_Continue}$]+)\b[^=]*=\s*new\s+FastMCP\b/u
const FIELD =
  /(?:this\.|^\s*(?:(?:public|private|protected|readonly|static)\s+)*)([\p{ID_Continue}$]+)\b[^=]*=\s*new\s+FastMCP\b/u

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
  const line = lines[at]
  if (line === undefined) return undefined
  const variable = VARIABLE.exec(line)?.[1]
  if (variable !== undefined) return { kind: 'variable', name: variable }
  return enclosing(lines.slice(0, at + 1), FIELD.exec(line)?.[1] ?? 'mcp')
}

const OPENERS = [
  { kind: 'function', pattern: /^(?:export\s+)?(?:default\s+)?(?:async\s+)?function\s*\*?\s*([\p{ID_Continue}$]+)/u },
  { kind: 'function', pattern: /^(?:export\s+)?(?:const|let|var)\s+([\p{ID_Continue}$]+)\s*=.*(?:=>|function|\()/u },
  { kind: 'class', pattern: /^(?:export\s+)?(?:default\s+)?(?:abstract\s+)?class\s+([\p{ID_Continue}$]+)/u },
] as const

/** The last thing that began at the left edge. `field` is what holds the server if that is a class. */
function enclosing(lines: readonly string[], field: string): Hint | undefined {
  for (const line of lines.toReversed()) {
    for (const { kind, pattern } of OPENERS) {
      const name = pattern.exec(line)?.[1]
      if (name !== undefined) return kind === 'class' ? { kind, name, field } : { kind, name }
    }
  }
  return undefined
}
