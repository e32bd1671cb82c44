import { askForm, askModel, askRoots, FastMCP, inputRequired, ToolError, toolResult } from '@fastmcp/ts'
import { describeEras } from '@fastmcp/ts/testing/vitest'
import { expect, it } from 'vitest'
import { z } from 'zod'

/** A server that counts what it does, and how often its handler began. */
function booking() {
  const done: string[] = []
  const runs: string[] = []
  const mcp = new FastMCP({ name: 'booking', version: '1.0.0', onError: () => undefined })
  mcp.tool('book', { description: 'Books a room', input: z.object({ room: z.string() }) }, async ({ room }, ctx) => {
    runs.push('begun')
    try {
      const id = await ctx.once('reserve', async () => {
        done.push(`reserved ${room}`)
        return `r-${done.length}`
      })
      const sure = await ctx.elicit(`Book ${room}?`, z.object({ sure: z.boolean() }))
      if (sure.action !== 'accept') return `${id}: ${sure.action}`
      const guests = await ctx.elicit('How many?', z.object({ guests: z.int().min(1).default(2) }))
      const { text } = await ctx.sample({ messages: `A welcome to ${room}`, maxTokens: 50 })
      await ctx.once('confirm', () => void done.push(`confirmed ${id}`))
      return `${id}: ${guests.action === 'accept' ? guests.content.guests : 0} guests, ${text}`
    } finally {
      runs.push('ended')
    }
  })
  return { mcp, done, runs }
}

describeEras('a handler that asks three times with effects between', (open, { era }) => {
  it('does each of them once', async () => {
    const { mcp, done, runs } = booking()
    const client = await open(mcp, {
      onElicit: (message) => (message.startsWith('Book') ? { sure: true } : { guests: 3 }),
      onSample: () => 'Welcome!',
    })
    const { data } = await client.callTool('book', { room: 'A' })
    expect(data).toBe('r-1: 3 guests, Welcome!')
    expect(done).toEqual(['reserved A', 'confirmed r-1'])
    const rounds = era === 'stateless' ? 4 : 1
    expect(runs.filter((run) => run === 'begun')).toHaveLength(rounds)
    expect(runs.filter((run) => run === 'ended')).toHaveLength(rounds)
  })

  it.each(['decline', 'cancel'] as const)('takes %s for an answer', async (action) => {
    const { mcp, done } = booking()
    const client = await open(mcp, { onElicit: () => ({ action }), onSample: () => '' })
    expect((await client.callTool('book', { room: 'A' })).data).toBe(`r-1: ${action}`)
    expect(done).toEqual(['reserved A'])
  })

  it('keeps callers apart who ask at the same time', async () => {
    const { mcp, done } = booking()
    const client = await open(mcp, {
      onElicit: (message) => {
        if (message.startsWith('Book')) return message.includes('3') ? { action: 'decline' } : { sure: true }
        return { guests: 1 }
      },
      onSample: ({ messages }) => JSON.stringify(messages).replaceAll(/\D/g, ''),
    })
    const calls = [1, 2, 3, 4].map((room) => client.callTool('book', { room: `${room}` }))
    const results = (await Promise.all(calls)).map(({ data }) => String(data).replace(/^r-\d: /, ''))
    expect(results).toEqual(['1 guests, 1', '1 guests, 2', 'decline', '1 guests, 4'])
    expect(done.filter((deed) => deed.startsWith('reserved'))).toHaveLength(4)
    expect(done.filter((deed) => deed.startsWith('confirmed'))).toHaveLength(3)
  })

  it('says what the client would have to be able to do', async () => {
    const client = await open(booking().mcp)
    await expect(client.callTool('book', { room: 'A' })).rejects.toThrow('"elicitation"')
  })
})

describeEras('a call that a layer tries again', (open) => {
  it('asks each question once, also those of layers', async () => {
    const asked: string[] = []
    let tries = 0
    const mcp = new FastMCP({ name: 'again', version: '1.0.0' })
    mcp.use('tools/call', async ({ context }, next) => {
      const sure = await context.elicit('Sure?', z.object({}))
      if (sure.action !== 'accept') throw new ToolError('UNAUTHORIZED', 'Not sure')
      return next()
    })
    mcp.use('tools/call', async (_, next) => {
      const result = await next()
      return 'isError' in result && result.isError ? next() : result
    })
    mcp.tool('ask', { description: 'Asks' }, async (_, ctx) => {
      const answer = await ctx.elicit('Name?', z.object({ name: z.string() }))
      tries += 1
      if (tries === 1) return toolResult({ content: 'failed', isError: true })
      return answer.action === 'accept' ? `${answer.content.name} after ${tries} tries` : answer.action
    })
    const client = await open(mcp, {
      onElicit: (message) => {
        asked.push(message)
        return message === 'Sure?' ? {} : { name: 'Ada' }
      },
    })
    expect((await client.callTool('ask')).data).toBe('Ada after 2 tries')
    expect(asked).toEqual(['Sure?', 'Name?'])
  })
})

describeEras('questions asked together', (open, { era }) => {
  it('go out together, whatever the handler does with them', async () => {
    let runs = 0
    const mcp = new FastMCP({ name: 'together', version: '1.0.0' })
    mcp.tool('ask', { description: 'Asks' }, async (_, ctx) => {
      runs += 1
      try {
        const [name, mood, roots] = await Promise.all([
          ctx.elicit('Name?', z.object({ name: z.string() }), { key: 'name' }),
          ctx.sample({ messages: 'How do you feel?' }),
          ctx.roots(),
        ])
        return [name.action === 'accept' && name.content.name, mood.text, roots.map(({ uri }) => uri)]
      } catch {
        return 'swallowed'
      }
    })
    const client = await open(mcp, {
      onElicit: () => ({ name: 'Ada' }),
      onSample: () => 'well',
      onRoots: () => ['file:///work'],
    })
    expect((await client.callTool('ask')).data).toEqual(['Ada', 'well', ['file:///work']])
    expect(runs).toBe(era === 'stateless' ? 2 : 1)
  })
})

describeEras('the form of an answer', (open) => {
  const Visit = z.object({
    who: z.string().min(2),
    day: z.iso.date(),
    seats: z.int().min(1).max(9).default(2),
    meal: z.enum(['meat', 'fish', 'none']).default('none'),
    extras: z.array(z.enum(['window', 'cot'])).default([]),
    early: z.boolean().default(false),
    note: z.string().trim().optional(),
  })

  it('reaches the handler checked, with defaults filled in', async () => {
    const mcp = new FastMCP({ name: 'form', version: '1.0.0' })
    mcp.tool('ask', { description: 'Asks' }, async (_, ctx) => {
      const answer = await ctx.elicit('Your visit', Visit)
      return answer.action === 'accept' ? answer.content : answer.action
    })
    const client = await open(mcp, { onElicit: () => ({ who: 'Ada', day: '2030-01-02', note: ' hi ' }) })
    expect((await client.callTool('ask')).data).toEqual({
      who: 'Ada',
      day: '2030-01-02',
      seats: 2,
      meal: 'none',
      extras: [],
      early: false,
      note: 'hi',
    })
  })

  it('is asked for again once when the server knows better, then given up', async () => {
    const messages: string[] = []
    const mcp = new FastMCP({ name: 'form', version: '1.0.0' })
    const Even = z.object({ n: z.number().refine((n) => n % 2 === 0, 'must be even') })
    mcp.tool('ask', { description: 'Asks' }, async (_, ctx) => {
      const answer = await ctx.elicit('An even number', Even)
      return answer.action === 'accept' ? answer.content.n : answer.action
    })
    const answers = [1, 4, 1, 3]
    const client = await open(mcp, {
      onElicit: (message) => {
        messages.push(message)
        return { n: answers.shift() ?? 0 }
      },
    })
    expect((await client.callTool('ask')).data).toBe(4)
    expect(messages[1]).toMatch(/^An even number\n\nThe last answer did not fit:\n.*must be even/)
    await expect(client.callTool('ask')).rejects.toThrow('did not fit, twice')
  })

  it('asks nobody for a secret', async () => {
    const problems: string[] = []
    const mcp = new FastMCP({ name: 'form', version: '1.0.0', onError: ({ message }) => void problems.push(message) })
    mcp.tool('ask', { description: 'Asks' }, async (_, ctx) => {
      const answer = await ctx.elicit('Sign in', z.object({ password: z.string() }))
      return answer.action
    })
    const client = await open(mcp, { onElicit: () => ({ password: 'x' }) })
    await expect(client.callTool('ask')).rejects.toThrow('Internal error')
    expect(problems.join()).toContain('field "password" looks like a secret')
  })
})

describeEras('an address to open', (open) => {
  it('is consented to, or not', async () => {
    const mcp = new FastMCP({ name: 'url', version: '1.0.0' })
    mcp.tool('pay', { description: 'Pays' }, async (_, ctx) => {
      const able = ctx.client.can('elicitation.url')
      return [able, (await ctx.elicit('Pay here', { url: 'https://pay.example.com/1' })).action]
    })
    const seen: unknown[] = []
    const client = await open(mcp, {
      onElicit: (_, form) => {
        seen.push(form.mode === 'url' && form.url.toString())
        return { action: 'accept' }
      },
    })
    expect((await client.callTool('pay')).data).toEqual([true, 'accept'])
    expect(seen).toEqual(['https://pay.example.com/1'])
  })

  it('needs a client that shows addresses', async () => {
    const mcp = new FastMCP({ name: 'url', version: '1.0.0' })
    mcp.tool('pay', { description: 'Pays' }, async (_, ctx) => {
      if (!ctx.client.can('elicitation.url')) return 'Pay at https://pay.example.com yourself'
      return (await ctx.elicit('Pay here', { url: 'https://pay.example.com/1' })).action
    })
    const client = await open(mcp, { onElicit: () => ({ action: 'accept' }), elicitModes: ['form'] })
    expect((await client.callTool('pay')).data).toBe('Pay at https://pay.example.com yourself')
  })
})

describeEras('the answer of a model', (open) => {
  const Review = z.object({ stars: z.int().min(1).max(5), words: z.string() })

  function reviewer(options: ConstructorParameters<typeof FastMCP>[0]): FastMCP {
    const mcp = new FastMCP(options)
    mcp.tool('review', { description: 'Reviews' }, async (_, ctx) => {
      const { data, model } = await ctx.sample({ messages: 'Review this', output: Review })
      return { data, model }
    })
    return mcp
  }
  const named = { name: 'reviewer', version: '1.0.0' }

  it('is data that fits the schema, even if it took a second try', async () => {
    const answers = ['I would say four stars', '```json\n{ "stars": "4", "words": "good" }\n```']
    const asked: number[] = []
    const client = await open(reviewer(named), {
      onSample: ({ messages }) => {
        asked.push(messages.length)
        return { model: 'm', content: { type: 'text', text: answers.shift() ?? '' } }
      },
    })
    const { data } = await client.callTool('review')
    expect(data).toEqual({ data: { stars: 4, words: 'good' }, model: 'm' })
    expect(asked).toEqual([1, 3])
  })

  it('that never fits is an error that says why', async () => {
    const client = await open(reviewer(named), { onSample: () => '{"stars": 7, "words": ""}' })
    await expect(client.callTool('review')).rejects.toThrow(/fits the output schema, twice/)
  })

  it('comes from the server itself where the client has no model', async () => {
    const sampling = () => ({
      model: 'own',
      content: { type: 'text' as const, text: '{"stars": 5, "words": "mine"}' },
    })
    const client = await open(reviewer({ ...named, sampling }))
    expect((await client.callTool('review')).data).toEqual({ data: { stars: 5, words: 'mine' }, model: 'own' })
  })

  it('is missed where there is no model at all', async () => {
    const client = await open(reviewer(named))
    await expect(client.callTool('review')).rejects.toThrow('new FastMCP({ sampling })')
  })
})

describeEras('prompts and resources', (open) => {
  it('can ask too', async () => {
    const mcp = new FastMCP({ name: 'all', version: '1.0.0' })
    mcp.prompt('greet', { description: 'Greets' }, async (_, ctx) => {
      const answer = await ctx.elicit('Name?', z.object({ name: z.string() }))
      return `Greet ${answer.action === 'accept' ? answer.content.name : 'nobody'}`
    })
    mcp.resource('files://root', {}, async (_, ctx) => (await ctx.roots()).map(({ uri }) => uri).join())
    mcp.tool('both', { description: 'Reads' }, async (_, ctx) => {
      const before = await ctx.elicit('Name?', z.object({ name: z.string() }))
      const { contents } = await ctx.readResource('files://root')
      return [before.action, contents]
    })
    const client = await open(mcp, { onElicit: () => ({ name: 'Ada' }), onRoots: () => ['file:///a', 'file:///b'] })
    const prompt = await client.getPrompt('greet')
    expect(JSON.stringify(prompt)).toContain('Greet Ada')
    const text = (await client.readResource('files://root')).text
    expect(text).toBe('file:///a,file:///b')
    const { data } = await client.callTool('both')
    expect(data).toEqual(['accept', [{ uri: 'files://root', mimeType: 'text/plain', text: 'file:///a,file:///b' }]])
  })
})

describeEras('the guard form', (open) => {
  it('asks, and runs the handler again with the answers and what it kept', async () => {
    let runs = 0
    const mcp = new FastMCP({ name: 'guard', version: '1.0.0' })
    mcp.tool('ask', { description: 'Asks' }, async (_, ctx) => {
      runs += 1
      const { name, mood, roots } = ctx.inputResponses
      if (name === undefined) {
        const ask = askForm('Name?', z.object({ name: z.string() }))
        return inputRequired({ inputRequests: { name: ask }, state: { step: 1 } })
      }
      if (mood === undefined || roots === undefined) {
        const inputRequests = { mood: askModel({ messages: 'Mood?' }), roots: askRoots() }
        return inputRequired({ inputRequests, state: { step: 2, before: ctx.requestState } })
      }
      return [name, mood, roots, ctx.requestState]
    })
    const client = await open(mcp, {
      onElicit: () => ({ name: 'Ada' }),
      onSample: () => ({ model: 'm', content: { type: 'text', text: 'well' } }),
      onRoots: () => [{ uri: 'file:///a', name: 'A' }],
    })
    expect((await client.callTool('ask')).data).toEqual([
      { action: 'accept', content: { name: 'Ada' } },
      expect.objectContaining({ model: 'm', content: { type: 'text', text: 'well' } }),
      { roots: [{ uri: 'file:///a', name: 'A' }] },
      { step: 2, before: { step: 1 } },
    ])
    expect(runs).toBe(3)
  })

  it('works from prompts, and beside ctx.once', async () => {
    const done: string[] = []
    const mcp = new FastMCP({ name: 'guard', version: '1.0.0' })
    mcp.prompt('greet', { description: 'Greets' }, async (_, ctx) => {
      await ctx.once('count', () => void done.push('once'))
      const { name } = ctx.inputResponses
      if (name === undefined || !('action' in name)) {
        return inputRequired({ inputRequests: { name: askForm('Name?', z.object({ name: z.string() })) } })
      }
      return `Greet ${name.content?.name}`
    })
    const client = await open(mcp, { onElicit: () => ({ name: 'Ada' }) })
    expect(JSON.stringify(await client.getPrompt('greet'))).toContain('Greet Ada')
    expect(done).toEqual(['once'])
  })

  it('ends after ten rounds', async () => {
    const mcp = new FastMCP({ name: 'guard', version: '1.0.0' })
    mcp.tool('ask', { description: 'Asks' }, () =>
      inputRequired({ inputRequests: { again: askForm('Again?', z.object({})) } }),
    )
    let asked = 0
    const client = await open(mcp, {
      onElicit: () => {
        asked += 1
        return {}
      },
    })
    await expect(client.callTool('ask')).rejects.toThrow()
    expect(asked).toBe(10)
  })
})
