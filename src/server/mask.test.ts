import { describe, expect, it } from 'vitest'
import { contextOf } from '../engine/backstage.ts'
import type { Call, Handle } from '../engine/call.ts'
import { McpError, ToolError } from '../protocol/errors.ts'
import { maskErrors } from './mask.ts'

const context = contextOf({ requestId: 5 } as never)
const toolCall: Call = { method: 'tools/call', params: { name: 'pay' }, context }
const read: Call = { method: 'resources/read', params: { uri: 'a://b' }, context }

function run(problem: unknown, call: Call = toolCall) {
  const reports: { problem: Error; facts: Readonly<Record<string, unknown>> }[] = []
  const handle: Handle = () => {
    throw problem
  }
  const result = () => maskErrors(handle, (problem, facts) => void reports.push({ problem, facts }))(call)
  return { result, reports }
}

describe('maskErrors', () => {
  it('shows a ToolError to the model as it is, code and details beside it', () => {
    const { result, reports } = run(new ToolError('NOT_FOUND', 'No user 7', { id: 7, cause: new Error('secret') }))
    expect(result()).toEqual({
      content: [
        { type: 'text', text: 'No user 7' },
        { type: 'text', text: '{"code":"NOT_FOUND","details":{"id":7}}' },
      ],
      isError: true,
    })
    expect(reports).toEqual([])
  })

  it('masks any other error behind a reference and reports it whole', () => {
    const { result, reports } = run(new Error('password is hunter2'))
    const shown = JSON.stringify(result())
    const reference = String(reports[0]?.facts.reference)
    expect(shown).toContain(`Internal error (${reference})`)
    expect(shown).not.toContain('hunter2')
    expect(reports[0]).toMatchObject({
      problem: { message: 'password is hunter2' },
      facts: { name: 'pay', requestId: 5 },
    })
  })

  it.each([undefined, null, 'text', { code: 1 }])('masks %j, which is no error', (thrown) => {
    const { result, reports } = run(thrown)
    expect(result()).toMatchObject({ isError: true })
    expect(reports).toHaveLength(1)
  })

  it('lets protocol errors through, and makes a time-out something the model can read', () => {
    expect(run(new McpError('INVALID_PARAMS', 'Unknown tool: x')).result).toThrow('Unknown tool: x')
    expect(run(new McpError('TIMEOUT', 'took longer than 5 s')).result()).toMatchObject({ isError: true })
  })

  it('makes protocol errors of everything outside tools', () => {
    expect(run(new ToolError('NOT_FOUND', 'No such file'), read).result).toThrow(
      expect.objectContaining({ code: 'RESOURCE_NOT_FOUND', message: 'No such file' }),
    )
    expect(run(new Error('secret'), read).result).toThrow(/^Internal error \([0-9a-f]{8}\)$/)
  })

  it('treats a rejection like a throw, and waits for nothing otherwise', async () => {
    const rejecting = maskErrors(
      () => Promise.reject(new Error('late')),
      () => undefined,
    )
    expect(await rejecting(toolCall)).toMatchObject({ isError: true })
    expect(
      maskErrors(
        () => ({ content: [] }),
        () => undefined,
      )(toolCall),
    ).toEqual({ content: [] })
  })
})
