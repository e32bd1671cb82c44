import { ClientError } from './errors.ts'

/** A program that serves MCP on its standard input and output. */
export interface Command {
  /** The program, found along PATH; no shell ever sees it. */
  readonly command: string
  readonly args?: readonly string[]
  /** Added to the few variables a child inherits: HOME, LOGNAME, PATH, SHELL, TERM and USER. */
  readonly env?: Readonly<Record<string, string>>
  readonly cwd?: string
}

/**
 * Splits a command line into program and arguments. Quotes and backslashes group and escape as
 * in a POSIX shell; variables, globs, pipes and `;` mean nothing and pass as they are.
 */
export function parseCommand(line: string): Command {
  const [command, ...args] = words(line)
  if (!command) throw new ClientError('BAD_TARGET', 'The command is empty: give a program, such as "node server.js"')
  return { command, args }
}

const PIECE = /([^\s"'\\]+)|"((?:[^"\\]|\\[\s\S])*)"|'([^']*)'|\\([\s\S])|(\s+)/y

function words(line: string): string[] {
  const found: string[] = []
  let word: string | undefined
  PIECE.lastIndex = 0
  while (PIECE.lastIndex < line.length) {
    const at = PIECE.lastIndex
    const match = PIECE.exec(line)
    if (!match) throw new ClientError('BAD_TARGET', `The command has an open quote: ${line.slice(at, at + 40)}`)
    const [, plain, double, single, escaped, space] = match
    if (space === undefined) word = (word ?? '') + (plain ?? double?.replace(/\\(["\\$`])/g, '$1') ?? single ?? escaped)
    else if (word !== undefined) {
      found.push(word)
      word = undefined
    }
  }
  if (word !== undefined) found.push(word)
  return found
}
