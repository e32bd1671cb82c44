import { readFileSync } from 'node:fs'
import type { Command } from './command.ts'
import { COMMANDS, COMMON } from './commands.ts'
import { misuse } from './failure.ts'
import { commandHelp, programHelp } from './help.ts'
import { didYouMean } from './nearest.ts'
import { type Output, takeOutput } from './output.ts'
import { report } from './report.ts'
import { readWords } from './words.ts'

/** Does what the command line says, and ends the process with 0, 1 (failed) or 2 (not understood). */
export async function main(args: readonly string[]): Promise<void> {
  const output = takeOutput(process)
  const code = await attempt(args, output)
  await output.flush()
  process.exit(code)
}

async function attempt(args: readonly string[], output: Output): Promise<number> {
  const debug = args.includes('--debug')
  try {
    return await dispatch(args, output)
  } catch (problem) {
    return report(problem, { output, debug })
  }
}

async function dispatch([name, ...args]: readonly string[], output: Output): Promise<number> {
  if (name === undefined) {
    output.note(programHelp(output.tint))
    return 2
  }
  if (name === '--version' || name === '-v') return answer(version(), output)
  if (name === '--help' || name === '-h' || name === 'help') return help(args[0], output)
  const command = commandNamed(name)
  const words = readWords(args, { ...command.flags, ...COMMON })
  if (words.flags.has('help')) return help(name, output)
  const { run } = await command.load()
  return run(words, output)
}

function help(name: string | undefined, output: Output): number {
  const text = name === undefined ? programHelp(output.paint) : commandHelp(commandNamed(name), output.paint)
  return answer(text, output)
}

function answer(text: string, output: Output): number {
  output.print(text)
  return 0
}

function commandNamed(name: string): Command {
  const command = COMMANDS.find((known) => known.name === name)
  if (command !== undefined) return command
  const names = COMMANDS.map((known) => known.name)
  if (/\.[cm]?[jt]s(:|$)/.test(name)) throw misuse(`There is no command "${name}"`, `Did you mean fastmcp run ${name}?`)
  if (name.startsWith('-'))
    throw misuse(`There is no flag ${name} here`, 'Flags follow the command: fastmcp run server.ts --port 8000')
  throw misuse(`There is no command "${name}"`, didYouMean(name, names) ?? `The commands are: ${names.join(', ')}.`)
}

function version(): string {
  const about: unknown = JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8'))
  return typeof about === 'object' && about !== null && 'version' in about ? String(about.version) : 'unknown'
}
