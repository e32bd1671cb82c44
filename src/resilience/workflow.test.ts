import { describe, expect, it, vi } from 'vitest'
import { FastMCP } from '../index.ts'
import { FastMCPError, McpError, ToolError } from '../protocol/errors.ts'
import { createTestClient } from '../testing/index.ts'
import { StepError } from './step-error.ts'
import { workflow } from './workflow.ts'
import type { WorkflowContext } from './workflow-step.ts'

/** A context that keeps what is done once, as the real one does from run to run. */
function contextOf(kept = new Map<string, unknown>(), abort = new AbortController()) {
  const reports: unknown[][] = []
  const ctx: WorkflowContext = {
    signal: abort.signal,
    progress: (...report) => reports.push(report),
    async once<T>(key: string, work: () => T | Promise<T>): Promise<T> {
      if (!kept.has(key)) kept.set(key, await work())
      return kept.get(key) as T
    },
  }
  return { ctx, reports, kept, abort }
}

type Order = { readonly args: { readonly n: number } }

const caught = (work: Promise<unknown>): Promise<unknown> => work.catch((problem: unknown) => problem)

describe('workflow', () => {
  it('does its steps in order, each with what it makes of arguments and earlier results', async () => {
    const { ctx, reports } = contextOf()
    const flow = workflow('math', [
      { name: 'double', input: ({ args }: Order) => args.n, run: async (n) => n * 2 },
      { name: 'add', input: ({ args, results }) => [args.n, results.double] as const, run: ([n, twice]) => n + twice },
      { name: 'say', input: ({ results }) => results, run: ({ double, add }) => `${double} and ${add}` },
    ])
    expect(await flow({ n: 5 }, ctx)).toEqual({
      status: 'completed',
      results: { double: 10, add: 15, say: '10 and 15' },
    })
    expect(reports).toEqual([
      [0, 3, 'double'],
      [1, 3, 'add'],
      [2, 3, 'say'],
      [3, 3],
    ])
  })

  it('gives a step without input the arguments, and the context', async () => {
    const { ctx } = contextOf()
    const run = vi.fn(() => 1)
    await workflow('plain', [{ name: 'one', run }])({ n: 1 }, ctx)
    expect(run).toHaveBeenCalledWith({ n: 1 }, ctx, expect.objectContaining({ signal: ctx.signal }))
  })

  it('stops where a step says so, and keeps what came of it', async () => {
    const { ctx } = contextOf()
    const never = vi.fn(() => 3)
    const flow = workflow('stop', [
      { name: 'one', input: ({ args }: Order) => args.n, run: (n) => n },
      {
        name: 'two',
        run: () => 2,
        continueIf: async (result, { args, results }) => result + results.one + args.n > 100,
      },
      { name: 'three', run: never },
    ])
    expect(await flow({ n: 1 }, ctx)).toEqual({ status: 'stopped', stoppedAfter: 'two', results: { one: 1, two: 2 } })
    expect(never).not.toHaveBeenCalled()
    expect(await flow({ n: 50 }, contextOf().ctx)).toMatchObject({ status: 'completed' })
  })

  it('is completed after its last step, whatever that says', async () => {
    const flow = workflow('last', [{ name: 'one', run: () => 1, continueIf: () => false }])
    expect(await flow({}, contextOf().ctx)).toEqual({ status: 'completed', results: { one: 1 } })
  })

  it('does no step twice when the handler is run again', async () => {
    const kept = new Map<string, unknown>()
    const first = vi.fn(() => 'charged')
    let answer: string | undefined
    const flow = workflow('pay', [
      { name: 'charge', run: first },
      {
        name: 'confirm',
        run: () => {
          if (answer === undefined) throw new FastMCPError('INPUT_REQUIRED', 'asking')
          return answer
        },
      },
    ])
    expect(await caught(flow({}, contextOf(kept).ctx))).toMatchObject({ code: 'INPUT_REQUIRED', name: 'FastMCPError' })
    answer = 'yes'
    expect(await flow({}, contextOf(kept).ctx)).toEqual({
      status: 'completed',
      results: { charge: 'charged', confirm: 'yes' },
    })
    expect(first).toHaveBeenCalledOnce()
  })

  it('reports the progress of a step as a part of the whole', async () => {
    const { ctx, reports } = contextOf()
    const flow = workflow('parts', [
      { name: 'one', run: () => 1 },
      {
        name: 'two',
        run: (_, __, step) => {
          step.progress(1, 4, 'a quarter')
          step.progress(9, 4)
          return 2
        },
      },
    ])
    await flow({}, ctx)
    expect(reports).toEqual([
      [0, 2, 'one'],
      [1, 2, 'two'],
      [1.25, 2, 'a quarter'],
      [2, 2, undefined],
      [2, 2],
    ])
  })

  it('can be a step of another, with keys of its own', async () => {
    const { ctx, kept } = contextOf()
    const inner = workflow('inner', [{ name: 'one', input: ({ args }: { args: number }) => args, run: (n) => n + 1 }])
    const outer = workflow('outer', [
      { name: 'first', input: ({ args }: Order) => args.n, run: (n, _, step) => inner(n, step) },
      { name: 'second', input: ({ args }) => args.n * 10, run: (n, _, step) => inner(n, step) },
    ])
    expect(await outer({ n: 1 }, ctx)).toMatchObject({
      results: { first: { results: { one: 2 } }, second: { results: { one: 11 } } },
    })
    expect([...kept.keys()]).toEqual(['outer.first.inner.one', 'outer.first', 'outer.second.inner.one', 'outer.second'])
  })
})

describe('a step that fails', () => {
  const failing = (problem: unknown) =>
    workflow('sign_up', [
      { name: 'account', run: () => ({ id: 7 }) },
      {
        name: 'mail',
        run: () => {
          throw problem
        },
      },
      { name: 'last', run: () => 3 },
    ])

  it('tells the model which one, and what the earlier ones gave', async () => {
    const problem = await caught(
      failing(new ToolError('API_ERROR', 'No such mailbox', { box: 5 }))({}, contextOf().ctx),
    )
    expect(problem).toBeInstanceOf(StepError)
    expect(problem).toMatchObject({
      code: 'API_ERROR',
      message: 'Step "mail" (2 of 3) failed: No such mailbox',
      details: { workflow: 'sign_up', step: 'mail', results: { account: { id: 7 } }, details: { box: 5 } },
      unexpected: undefined,
    })
  })

  it('keeps what nobody foresaw for operators', async () => {
    const secret = new Error('password is hunter2')
    const problem = await caught(failing(secret)({}, contextOf().ctx))
    expect(problem).toMatchObject({
      code: 'STEP_FAILED',
      message: 'Step "mail" (2 of 3) failed',
      details: { workflow: 'sign_up', step: 'mail', results: { account: { id: 7 } } },
      unexpected: secret,
      cause: secret,
    })
    expect(await caught(failing('a text')({}, contextOf().ctx))).toMatchObject({ unexpected: { cause: 'a text' } })
  })

  it('is told to operators by the server, and not to the client', async () => {
    const reports: unknown[][] = []
    const onError = (problem: Error, facts: object) => reports.push([problem.message, facts])
    const mcp = new FastMCP({ name: 'flows', version: '1.0.0', onError })
    mcp.tool('sign_up', { description: 'Fails' }, failing(new Error('password is hunter2')))
    await using client = await createTestClient(mcp)
    const result = await client.callTool('sign_up', {}, { throwOnError: false })
    expect(result.text).toContain('Step "mail" (2 of 3) failed')
    expect(JSON.stringify(result)).toContain('\\"account\\":{\\"id\\":7}')
    expect(JSON.stringify(result)).not.toContain('hunter2')
    expect(reports).toEqual([['password is hunter2', expect.objectContaining({ name: 'sign_up' })]])
  })

  it('keeps the words of a protocol error', async () => {
    const problem = new McpError('RESOURCE_NOT_FOUND', 'No such resource')
    expect(await caught(failing(problem)({}, contextOf().ctx))).toMatchObject({
      code: 'RESOURCE_NOT_FOUND',
      message: 'Step "mail" (2 of 3) failed: No such resource',
    })
  })

  it.each([
    ['a question', new FastMCPError('INPUT_REQUIRED', 'asking')],
    ['a missing ability of the client', new McpError('MISSING_CLIENT_CAPABILITY', 'cannot elicit')],
  ])('lets %s through as it is', async (_, problem) => {
    expect(await caught(failing(problem)({}, contextOf().ctx))).toBe(problem)
  })

  it('is told apart from a call that is over', async () => {
    const { ctx, abort } = contextOf()
    const later = vi.fn(() => 2)
    const flow = workflow('over', [
      {
        name: 'one',
        run: () => {
          abort.abort(new Error('cancelled'))
          return 1
        },
      },
      { name: 'two', run: later },
    ])
    await expect(flow({}, ctx)).rejects.toThrow('cancelled')
    expect(later).not.toHaveBeenCalled()
  })

  it('may also fail in its input or its condition', async () => {
    const no = (): never => {
      throw new ToolError('VALIDATION_ERROR', 'no')
    }
    const { ctx } = contextOf()
    const input = workflow('wf', [
      { name: 'one', run: () => 1 },
      { name: 'two', input: no, run: () => 2 },
    ])
    expect(await caught(input({}, ctx))).toMatchObject({ details: { step: 'two', results: { one: 1 } } })
    const condition = workflow('wf2', [
      { name: 'one', run: () => 1, continueIf: no },
      { name: 'two', run: () => 2 },
    ])
    expect(await caught(condition({}, ctx))).toMatchObject({ details: { step: 'one', results: { one: 1 } } })
  })
})

describe('a definition that cannot work', () => {
  const run = (): number => 1

  it('is refused where it is made', () => {
    expect(() => workflow('', [{ name: 'a', run }])).toThrow('must be 1 to 24 letters')
    expect(() => workflow('wf', [{ name: 'a b', run }])).toThrow('"a b" must be')
    expect(() => workflow('wf', [{ name: '__proto__', run }])).toThrow('must be')
    expect(() => workflow('wf', [{ name: 'x'.repeat(25), run }])).toThrow('must be')
    expect(() =>
      workflow('wf', [
        { name: 'a', run },
        { name: 'a', run },
      ]),
    ).toThrow('two steps are called "a"')
    expect(() => workflow('wf', [] as never)).toThrow('give it one step at least')
  })
})
