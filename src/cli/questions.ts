import type { ElicitHandler } from '../client/index.ts'
import { terminalElicit } from '../client/terminal/index.ts'
import type { ProgressLine } from './progress.ts'
import { oneLine } from './table.ts'

/** Where questions are shown and answered. */
export interface Desk {
  readonly stdin: NodeJS.ReadStream
  readonly stderr: NodeJS.WriteStream
  /** Makes room while somebody answers. */
  readonly line: ProgressLine
  readonly note: (text: string) => void
}

/** Lets the user answer what a server asks; where nobody sits at a terminal it declines, and says so. */
export function answerQuestions({ stdin, stderr, line, note }: Desk): ElicitHandler {
  if (!stdin.isTTY || !stderr.isTTY) {
    return (message) => {
      note(`The server asks: ${oneLine(message)}`)
      note('  Declined: nobody can answer here. Run this in a terminal to answer.')
      return { action: 'decline' }
    }
  }
  const ask = terminalElicit({ input: stdin, output: stderr })
  return async (...question) => {
    line.hide()
    try {
      return await ask(...question)
    } finally {
      line.show()
    }
  }
}
