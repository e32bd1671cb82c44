import { join } from 'node:path'
import { type Ended, installed, Program } from '../cli/sandbox.ts'

/** How an example is called. */
interface Called {
  /** What is typed on standard input. */
  readonly input?: string
  /** Whether the program takes its standard input and error for a terminal. */
  readonly terminal?: boolean
}

const AS_TERMINAL = 'process.stdin.isTTY = true; process.stderr.isTTY = true'

/** Runs `fastmcp call` on an example of a pattern, in a process of its own. */
export function callExample(line: readonly string[], { input = '', terminal = false }: Called = {}): Promise<Ended> {
  const preload = terminal ? ['--import', `data:text/javascript,${encodeURIComponent(AS_TERMINAL)}`] : []
  const program = join(installed, 'dist', 'cli', 'main.js')
  return new Program([...preload, program, 'call', ...line], { cwd: join(installed, 'examples/patterns'), input }).ended
}
