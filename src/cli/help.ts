import type { Command } from './command.ts'
import { COMMANDS, COMMON } from './commands.ts'
import type { Output } from './output.ts'
import { columns, indent } from './table.ts'
import type { Flags } from './words.ts'

type Paint = Output['paint']

/** The help of the program. */
export function programHelp(paint: Paint): string {
  const commands = columns(COMMANDS.map(({ name, summary }) => [name, summary]))
  return `${paint('bold', 'fastmcp')} serves and tries out Model Context Protocol servers

${paint('bold', 'Usage')}
  fastmcp <command> [flags]

${paint('bold', 'Commands')}
${indent(commands.join('\n'))}

${paint('bold', 'Flags')}
${indent(flagLines({ ...COMMON, version: { text: 'Show the version' } }).join('\n'))}

fastmcp <command> --help tells more about a command.`
}

/** The help of one command. */
export function commandHelp({ summary, usage, details, flags, examples }: Command, paint: Paint): string {
  const lines = (words: readonly string[]): string => words.map((line) => `  fastmcp ${line}`).join('\n')
  return `${summary}

${paint('bold', 'Usage')}
${lines(usage)}

${details}

${paint('bold', 'Flags')}
${indent(flagLines({ ...flags, ...COMMON }).join('\n'))}

${paint('bold', 'Examples')}
${lines(examples)}`
}

function flagLines(flags: Flags): string[] {
  return columns(
    Object.entries(flags).map(([name, { value, short, text }]) => [
      `${short === undefined ? '' : `-${short}, `}--${name}${value === undefined ? '' : ` <${value}>`}`,
      text,
    ]),
  )
}
