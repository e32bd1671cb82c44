import { setImmediate as turn } from 'node:timers/promises'
import { FastMCP, refuse } from '@fastmcp/ts'
import { z } from 'zod'

const NONCE = z.object({ nonce: z.string() })

/** What tags a client: nothing else in a message looks like it. */
export const TAG: RegExp = /tag-[0-9a-f]{16}/g

/** A server whose every word to a client carries that client's tag: who calls is named by it. */
export function createServer(): FastMCP {
  const mcp = new FastMCP({
    name: 'isolated',
    version: '1.0.0',
    onError: () => undefined,
    authenticate: (request) => {
      const subject = request.header('authorization')?.slice('Bearer '.length)
      return subject === undefined ? refuse(401) : { subject }
    },
  })
  mcp.tool('echo', { description: 'Says who asked what', input: NONCE }, ({ nonce }, ctx) => ({
    nonce,
    subject: ctx.auth?.subject,
    header: ctx.header('x-tag'),
  }))
  mcp.tool('talk', { description: 'Speaks while it works', input: NONCE }, async ({ nonce }, ctx) => {
    for (const done of [1, 2, 3]) {
      ctx.log.info(nonce, { subject: ctx.auth?.subject })
      ctx.progress(done, 3, nonce)
      await turn()
    }
    return { nonce, subject: ctx.auth?.subject }
  })
  mcp.tool('ask', { description: 'Asks back', input: NONCE }, async ({ nonce }, ctx) => {
    const kept = await ctx.once('kept', () => ctx.auth?.subject)
    const answer = await ctx.elicit(`What is it for ${nonce}?`, z.object({ answer: z.string() }))
    return { nonce, subject: kept, answer: answer.action === 'accept' ? answer.content.answer : answer.action }
  })
  mcp.tool('wait', { description: 'Takes a while', input: NONCE }, async ({ nonce }, ctx) => {
    for (let turns = 0; turns < 20 && !ctx.signal.aborted; turns++) await turn()
    return { nonce, subject: ctx.auth?.subject }
  })
  mcp.tool('touch', { description: 'Changes a thing', input: NONCE }, ({ nonce }, ctx) => {
    mcp.changed('resource', thingOf(ctx.auth?.subject ?? ''))
    return { nonce, subject: ctx.auth?.subject }
  })
  mcp.resource('thing://{tag}', { name: 'thing', description: 'Of a client' }, ({ tag }) => tag)
  return mcp
}

/** The resource of a client. */
export function thingOf(tag: string): string {
  return `thing://${tag}`
}
