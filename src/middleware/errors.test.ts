import { describe, expect, it } from 'vitest'
import { contextOf } from '../engine/backstage.ts'
import type { Call, Handle } from '../engine/call.ts'
import { ToolError } from '../protocol/errors.ts'
import { compose } from './compose.ts'
import { errors, on } from './errors.ts'

class NotFound extends Error {}
class UserNotFound extends NotFound {}

const call: Call = { method: 'tools/call', params: { name: 'a' }, context: contextOf({} as never) }
const failing =
  (problem: unknown): Handle =>
  () => {
    throw problem
  }
const layer = errors([on(NotFound, (problem) => new ToolError('NOT_FOUND', problem.message))])
const outcome = (problem: unknown) => compose([layer], failing(problem))(call)

describe('errors', () => {
  it('translates a class of errors and those derived from it', async () => {
    await expect(outcome(new UserNotFound('no user 7'))).rejects.toMatchObject({
      code: 'NOT_FOUND',
      message: 'no user 7',
    })
  })

  it('looks into causes', async () => {
    const wrapped = new Error('lookup failed', { cause: new NotFound('gone') })
    await expect(outcome(wrapped)).rejects.toMatchObject({ code: 'NOT_FOUND', message: 'gone' })
  })

  it('leaves alone what no row names, what is already said, and what is no error', async () => {
    await expect(outcome(new Error('other'))).rejects.toMatchObject({ message: 'other' })
    await expect(outcome(new ToolError('API_ERROR', 'said', { cause: new NotFound('x') }))).rejects.toMatchObject({
      code: 'API_ERROR',
    })
    await expect(outcome('text')).rejects.toBe('text')
  })
})
