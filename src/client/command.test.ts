import { describe, expect, it } from 'vitest'
import { parseCommand } from './command.ts'

describe('a command line', () => {
  it('is split at blanks', () => {
    expect(parseCommand('  node  server.js --port 1 ')).toEqual({ command: 'node', args: ['server.js', '--port', '1'] })
  })

  it('keeps what quotes and backslashes hold together', () => {
    expect(parseCommand(`"my node" 'a b' c\\ d e"f g"h '' "say \\"hi\\""`)).toEqual({
      command: 'my node',
      args: ['a b', 'c d', 'ef gh', '', 'say "hi"'],
    })
  })

  it('gives shell syntax no meaning', () => {
    expect(parseCommand('echo $HOME; rm -rf * | cat `id` $(id)').args).toEqual([
      '$HOME;',
      'rm',
      '-rf',
      '*',
      '|',
      'cat',
      '`id`',
      '$(id)',
    ])
  })

  it.each([
    ['', 'The command is empty'],
    ['   ', 'The command is empty'],
    ['node "server.js', 'open quote'],
    ["node 'server.js", 'open quote'],
    ['node \\', 'open quote'],
  ])('%j is refused', (line, words) => {
    expect(() => parseCommand(line)).toThrow(words)
  })
})
