/**
 * What a model wrote as an expression for a function whose body it is, still in TypeScript. Lines stay where they were.
 */
export function codeSource(code: string): string {
  const plain = withoutFence(code)
  const body = ARROW.test(plain) ? `return await (${plain.trim().replace(/;+$/, '')}\n)()` : plain
  return `async () => {${body}\n}`
}

const ARROW = /^\s*(?:async\s*)?\(\s*\)\s*(?::[^=]*)?=>/

/** Models put code between marks, as in a chat. */
function withoutFence(code: string): string {
  return /^\s*```\w*\r?\n([\s\S]*?)```\s*$/.exec(code)?.[1] ?? code
}
