import { FastMCPError } from '../../protocol/errors.ts'

/** Code that cannot be read. */
export class CodeError extends FastMCPError {
  /** From 1. */
  readonly line: number | undefined

  constructor(message: string, line: number | undefined) {
    super('CODE_ERROR', message)
    this.line = line
  }
}

/**
 * Makes the TypeScript that a model wrote an expression of JavaScript: a function whose body it is. Lines stay where they
 * were. Throws `CodeError` for what is not TypeScript.
 */
export async function toFunction(code: string): Promise<string> {
  const plain = withoutFence(code)
  const body = ARROW.test(plain) ? `return await (${plain.trim().replace(/;+$/, '')}\n)()` : plain
  const source = `async () => {${body}\n}`
  const { createJiti } = await import('jiti')
  const made = createJiti(import.meta.url, { fsCache: false }).transform({
    source,
    ts: true,
    async: true,
    filename: 'code.ts',
    retainLines: true,
  })
  const problem = PROBLEM.exec(made)?.[1]
  if (problem !== undefined) throw problemOf(problem)
  return made
}

const ARROW = /^\s*(?:async\s*)?\(\s*\)\s*(?::[^=]*)?=>/
const PROBLEM = /^exports\.__JITI_ERROR__ = (.*)$/s

function problemOf(text: string): CodeError {
  const { message, line }: { readonly message?: unknown; readonly line?: unknown } = JSON.parse(text)
  const words = String(message).trim()
  const isImport = words.includes("'import' and 'export'")
  const told = isImport
    ? 'Nothing can be imported or exported: use tools and plain JavaScript, and return the result'
    : words
  return new CodeError(`SyntaxError: ${told}`, typeof line === 'number' ? line : undefined)
}

/** Models put code between marks, as in a chat. */
function withoutFence(code: string): string {
  return /^\s*```\w*\n([\s\S]*?)\n?```\s*$/.exec(code)?.[1] ?? code
}
