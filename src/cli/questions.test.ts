import { PassThrough } from 'node:stream'
import { describe, expect, it } from 'vitest'
import { z } from 'zod'
import { connect } from '../client/index.ts'
import { FastMCP } from '../index.ts'
import type { ProgressLine } from './progress.ts'
import { answerQuestions } from './questions.ts'

const mcp = new FastMCP({ name: 'shop', version: '1.0.0' })
mcp.tool('order', { description: 'Asks' }, async (_, ctx) => {
  const answer = await ctx.elicit(
    'What\u001b[2J shall\nit be?',
    z.object({ what: z.string(), cups: z.int().default(2) }),
  )
  return answer.action === 'accept' ? answer.content : answer.action
})

/** Standard input and error where somebody sits, or not, with what was typed. */
function desk(typed: string, { isTTY }: { readonly isTTY: boolean }) {
  const [stdin, stderr] = [new PassThrough(), new PassThrough()].map((stream) => Object.assign(stream, { isTTY }))
  stdin?.write(typed)
  const did: string[] = []
  const line: ProgressLine = {
    tell: () => undefined,
    hide: () => void did.push('hide'),
    show: () => void did.push('show'),
    clear: () => undefined,
  }
  const notes: string[] = []
  // No more of the streams of a process is used than what these have.
  const streams = { stdin, stderr } as unknown as Pick<typeof process, 'stdin' | 'stderr'>
  const onElicit = answerQuestions({ ...streams, line, note: (text) => void notes.push(text) })
  return { onElicit, notes, did, screen: () => String(stderr?.read() ?? '') }
}

describe.each(['stateless', 'stateful'] as const)('a question of a server, %s', (era) => {
  it('is answered at a terminal, out of the way of progress', async () => {
    const { onElicit, notes, did, screen } = desk('tea\n\n\n', { isTTY: true })
    await using client = await connect(mcp, { era, onElicit })
    expect((await client.callTool('order')).data).toEqual({ what: 'tea', cups: 2 })
    expect(screen()).toContain('shop asks:')
    expect(did).toEqual(['hide', 'show'])
    expect(notes).toEqual([])
  })

  it('is declined where nobody sits at one, and shown', async () => {
    const { onElicit, notes, screen } = desk('tea\n\n\n', { isTTY: false })
    await using client = await connect(mcp, { era, onElicit })
    expect((await client.callTool('order')).data).toBe('decline')
    expect(notes).toEqual([
      'The server asks: What\\u001b[2J shall it be?',
      '  Declined: nobody can answer here. Run this in a terminal to answer.',
    ])
    expect(screen()).toBe('')
  })
})
