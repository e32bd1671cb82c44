import { expect, it } from 'vitest'
import { ClientError, ServerError } from '../client/index.ts'
import { Failure, misuse } from './failure.ts'
import { report } from './report.ts'

function told(problem: unknown, debug = false): { code: number; text: string } {
  const lines: string[] = []
  const code = report(problem, { output: { note: (line) => lines.push(line), tint: (_, text) => text }, debug })
  return { code, text: lines.join('\n') }
}

it('says what went wrong and what to do, with the exit code that fits', () => {
  expect(told(misuse('There is no flag --x', 'Did you mean --y?'))).toEqual({
    code: 2,
    text: 'error: There is no flag --x\n  Did you mean --y?',
  })
  expect(told(new Failure('It failed'))).toEqual({ code: 1, text: 'error: It failed' })
  expect(told(new Failure('It failed', 'One:\n\n  two')).text).toBe('error: It failed\n\n  One:\n\n    two\n')
})

it('knows what to do about errors of the client', () => {
  expect(told(new ClientError('UNAUTHORIZED', 'Refused')).text).toBe(
    'error: Refused\n  Send credentials: --header "Authorization=Bearer …".',
  )
  expect(told(new ClientError('HTTP_ERROR', 'Not found', { status: 404 })).text).toContain(
    'Most servers answer at /mcp',
  )
  expect(told(new ServerError(1404, 'Nothing here')).text).toContain('Most servers answer at /mcp')
  expect(told(new ClientError('CONNECT_FAILED', 'Refused')).text).toContain('does an MCP server run there?')
})

it('shows stacks on demand only', () => {
  const problem = new Failure('It failed', undefined, { cause: new Error('deep below') })
  expect(told(problem).text).not.toContain('at ')
  expect(told(problem, true).text).toContain('deep below')
  expect(told(new TypeError('x is not a function')).text).toContain('--debug')
  expect(told('text').text).toBe("error: Something that is no error was thrown: 'text'")
})
