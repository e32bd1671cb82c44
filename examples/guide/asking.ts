import { askForm, FastMCP, inputRequired } from '@fastmcp/ts'
import { z } from 'zod'

export const mcp = new FastMCP({ name: 'deployments', version: '1.0.0' })

// #region deploy
mcp.tool(
  'deploy',
  { description: 'Deploys after a confirmation', input: z.object({ env: z.string() }) },
  async ({ env }, ctx) => {
    const id = await ctx.once('reserve', () => reserve(env))
    const answer = await ctx.elicit(`Deploy to ${env}?`, z.object({ confirm: z.boolean() }))
    if (answer.action !== 'accept' || !answer.content.confirm) return 'Cancelled'
    const notes = await ctx.sample({ messages: `Release notes for ${id}`, maxTokens: 200 })
    return `Deployed. ${notes.text}`
  },
)
// #endregion

mcp.tool('book_visit', { description: 'Books a visit' }, async (_, ctx) => {
  // #region elicit
  const answer = await ctx.elicit(
    'Your visit',
    z.object({
      day: z.iso.date(),
      seats: z.int().min(1).max(9).default(2),
      meal: z.enum(['meat', 'fish', 'none']).default('none'),
      extras: z.array(z.enum(['window', 'cot'])).default([]),
    }),
  )
  switch (answer.action) {
    case 'accept':
      return book(answer.content)
    case 'decline':
      return 'Nothing was booked'
    case 'cancel':
      return 'Nothing was booked yet'
  }
  // #endregion
})

mcp.tool('connect_account', { description: 'Connects an account' }, async (_, ctx) => {
  // #region url
  if (ctx.client.can('elicitation.url')) {
    await ctx.elicit('Connect your account', { url: 'https://example.com/connect' })
  }
  // #endregion
  return 'You are being sent there'
})

mcp.tool(
  'sum_up',
  { description: 'Sums up reviews', input: z.object({ report: z.string(), review: z.string() }) },
  async ({ report, review }, ctx) => {
    // #region sample
    const { text, model } = await ctx.sample({
      messages: `Sum this up:\n${report}`,
      systemPrompt: 'Be brief',
      maxTokens: 200,
    })
    const { data } = await ctx.sample({
      messages: review,
      output: z.object({ stars: z.int().min(1).max(5), why: z.string() }),
    })
    // #endregion
    return { text, model, stars: data.stars }
  },
)

// #region rounds
mcp.tool('greet', { description: 'Greets' }, (_, ctx) => {
  const { name } = ctx.inputResponses
  if (name && 'action' in name) return `Hello, ${name.content?.name ?? 'whoever you are'}!`
  return inputRequired({
    inputRequests: { name: askForm('Your name?', z.object({ name: z.string() })) },
    state: { step: 1 },
  })
})
// #endregion

/** What was reserved and booked, for real once each. */
export const done: string[] = []

function reserve(env: string): string {
  done.push(`reserved ${env}`)
  return `d-${done.length}`
}

function book({ day, seats }: { readonly day: string; readonly seats: number }): string {
  done.push(`booked ${seats} on ${day}`)
  return `${seats} seats on ${day}`
}
