import { ToolError } from '../../protocol/errors.ts'
import type { Outcome } from './sandbox.ts'

const MOST_LINE = 200
const MOST_WORDS = 10_000
const MOST_OUTPUT = 2_000

/** What went wrong in code, for the model that wrote it: the error, the line, and what had been printed. */
export function failureOf(outcome: Outcome, code: string): ToolError {
  const { name, message, stack } = JSON.parse(outcome.text) as Record<'name' | 'message' | 'stack', unknown> // as the sandbox tells it
  const isImport = String(message).includes("'import' and 'export'")
  const words = isImport ? NO_IMPORT : String(message).trim().slice(0, MOST_WORDS)
  const line = /code\.ts:(\d+)/.exec(String(stack))?.[1]
  return codeFailure(`${String(name).slice(0, 100)}: ${words}`, {
    code,
    line: Number(line ?? 0),
    output: outcome.output,
  })
}

const NO_IMPORT = 'Nothing can be imported or exported: use tools and plain JavaScript, and return the result'

/** Where something went wrong. `line` counts from 1; 0 where it is not known. */
interface Where {
  readonly code: string
  readonly line: number
  readonly output?: string
}

/** The error of code that failed. */
function codeFailure(words: string, { code, line, output = '' }: Where): ToolError {
  const text = code.split('\n')[line - 1]?.trim().slice(0, MOST_LINE)
  const place = text === undefined ? '' : `\nLine ${line}: ${text}`
  const printed = output === '' ? '' : `\nPrinted until then:\n${output.slice(-MOST_OUTPUT)}`
  return new ToolError('CODE_FAILED', `${words}${place}${printed}`)
}
