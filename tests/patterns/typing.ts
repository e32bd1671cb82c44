import { PassThrough } from 'node:stream'
import type { ElicitHandler } from '@fastmcp/ts/client'
import { terminalElicit } from '@fastmcp/ts/client/terminal'

/** A person at a terminal who types these lines, and what was on the screen. */
export function typing(...lines: readonly string[]): {
  readonly onElicit: ElicitHandler
  readonly screen: () => string
} {
  const [input, output] = [new PassThrough(), new PassThrough()]
  input.write(lines.map((line) => `${line}\n`).join(''))
  return { onElicit: terminalElicit({ input, output }), screen: () => String(output.read() ?? '') }
}
