import { describe, expect, it } from 'vitest'
import { Failure } from './failure.ts'
import { choiceOfFlag, type Flags, numberOfFlag, readWords, valueOfFlag } from './words.ts'

const flags: Flags = {
  json: { text: '' },
  help: { text: '', short: 'h' },
  port: { value: 'port', text: '' },
  era: { value: 'era', text: '' },
  header: { value: 'key=value', text: '', repeats: true },
}
const port = { least: 0, most: 65_535, whole: true }
const read = (...args: string[]) => readWords(args, flags)

function failure(work: () => unknown): Pick<Failure, 'message' | 'next' | 'exitCode'> {
  try {
    work()
  } catch (problem) {
    if (problem instanceof Failure) return { message: problem.message, next: problem.next, exitCode: problem.exitCode }
  }
  throw new Error('it did not fail')
}

describe('a command line', () => {
  it('parts flags from words in any order, with = or without', () => {
    const words = read('server.ts', '--port', '8000', 'add', '--json', 'a=1', '--era=auto', '-h')
    expect(words.positionals).toEqual(['server.ts', 'add', 'a=1'])
    expect(Object.fromEntries(words.flags)).toEqual({ port: ['8000'], json: [''], era: ['auto'], help: [''] })
    expect(words.rest).toBeUndefined()
  })

  it('leaves everything after -- alone', () => {
    const words = read('add', '--', 'node', 'server.js', '--port', '1')
    expect(words.rest).toEqual(['node', 'server.js', '--port', '1'])
    expect(words.positionals).toEqual(['add'])
    expect(valueOfFlag(words, 'port')).toBeUndefined()
    expect(read('--').rest).toEqual([])
  })

  it('collects a flag that repeats', () => {
    expect(read('--header', 'a=1', '--header=b=2').flags.get('header')).toEqual(['a=1', 'b=2'])
  })

  it('takes empty and negative values as they are given', () => {
    expect(read('a=', 'b=-1').positionals).toEqual(['a=', 'b=-1'])
  })
})

describe('a wrong command line', () => {
  it('names the nearest flag', () => {
    expect(failure(() => read('--prot', '1'))).toEqual({
      message: 'There is no flag --prot',
      next: 'Did you mean --port?',
      exitCode: 2,
    })
    expect(failure(() => read('--__proto__')).message).toBe('There is no flag --__proto__')
    expect(failure(() => read('-z')).next).toBe('The flags are: --json, --help, --port, --era, --header.')
  })

  it('misses a value, also where the next flag stands in its place', () => {
    for (const args of [['--port'], ['--port', '--json'], ['--port=']]) {
      expect(failure(() => read(...args))).toMatchObject({
        message: '--port needs a value',
        next: 'Write --port <port>.',
      })
    }
  })

  it('refuses a value where there is none, and a flag given twice', () => {
    expect(failure(() => read('--json=yes')).message).toBe('--json takes no value')
    expect(failure(() => read('--port', '1', '--port', '2')).message).toBe('--port is given twice')
  })

  it('checks choices and numbers', () => {
    const words = read('--era', 'statless', '--port', '80x')
    expect(failure(() => choiceOfFlag(words, 'era', ['auto', 'stateless']))).toMatchObject({
      message: '--era cannot be "statless"',
      next: 'Did you mean stateless?',
    })
    expect(failure(() => numberOfFlag(words, 'port', port)).message).toBe(
      '--port must be a whole number from 0 to 65535, not "80x"',
    )
    expect(numberOfFlag(read('--port', '0'), 'port', port)).toBe(0)
    expect(failure(() => numberOfFlag(read('--port', '70000'), 'port', port)).exitCode).toBe(2)
  })
})
