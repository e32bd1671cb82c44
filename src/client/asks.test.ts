import { PassThrough } from 'node:stream'
import { McpServer as McpServerV1 } from '@modelcontextprotocol/sdk/server/mcp.js'
import { StdioServerTransport as StdioV1 } from '@modelcontextprotocol/sdk/server/stdio.js'
import { UrlElicitationRequiredError } from '@modelcontextprotocol/sdk/types.js'
import { describe, expect, it, onTestFinished, vi } from 'vitest'
import { ask, form, meetAsker } from '../../tests/peers/asking-server.ts'
import { type AskContext, connect, type ElicitForm, type FastMCPError, type SamplingParams } from './index.ts'

const SAMPLING = {
  method: 'sampling/createMessage',
  params: { messages: [{ role: 'user', content: { type: 'text', text: 'Haiku?' } }], maxTokens: 50, temperature: 0.5 },
}
const ROOTS = { method: 'roots/list' }
const NAME = { name: { type: 'string', title: 'Your name', minLength: 2 } }

describe.each(['stateless', 'stateful'] as const)('a server that asks, %s', (era) => {
  it('has its form filled in', async () => {
    const seen: { message: string; form: ElicitForm; ctx: AskContext }[] = []
    const client = await meetAsker({
      era,
      onElicit: (message, asked, ctx) => {
        seen.push({ message, form: asked, ctx })
        return { action: 'accept', content: { name: 'Ada' } }
      },
    })
    expect(client.era).toBe(era)
    const [answer] = await ask(client, { who: form(NAME, { message: 'Who?', required: ['name'] }) })
    expect(answer).toEqual({ who: { action: 'accept', content: { name: 'Ada' } } })
    expect(seen).toMatchObject([
      {
        message: 'Who?',
        form: {
          mode: 'form',
          fields: [{ type: 'string', name: 'name', title: 'Your name', required: true, minLength: 2 }],
          schema: { properties: NAME, required: ['name'] },
        },
        ctx: { server: { name: 'asker', version: '1.0.0' } },
      },
    ])
    expect(seen[0]?.ctx.signal.aborted).toBe(false)
  })

  it('takes content alone for an accepted form, with the defaults if they are asked for', async () => {
    const client = await meetAsker({ era, onElicit: (_, { defaults }) => ({ ...defaults, name: 'Ada' }) })
    const fields = { ...NAME, age: { type: 'integer', default: 36 }, loud: { type: 'boolean', default: false } }
    const [answer] = await ask(client, { who: form(fields) })
    expect(answer).toEqual({ who: { action: 'accept', content: { name: 'Ada', age: 36, loud: false } } })
  })

  it.each(['decline', 'cancel'] as const)('is told %s', async (action) => {
    const client = await meetAsker({ era, onElicit: () => ({ action }) })
    expect(await ask(client, { who: form(NAME) })).toEqual([{ who: { action } }])
  })

  it('gets its address seen to', async () => {
    const client = await meetAsker({
      era,
      onElicit: (_, { mode, url }) => ({
        action: mode === 'url' && url === 'https://example.com/pay' ? 'accept' : 'cancel',
      }),
    })
    const params = {
      mode: 'url',
      message: 'Pay',
      url: 'https://example.com/pay',
      ...(era === 'stateful' && { elicitationId: '1' }),
    }
    expect(await ask(client, { pay: { method: 'elicitation/create', params } })).toEqual([
      { pay: { action: 'accept' } },
    ])
  })

  it('gets text from a model, or a whole result', async () => {
    const seen: SamplingParams[] = []
    const client = await meetAsker({
      era,
      onSample: (request) => {
        seen.push(request)
        return seen.length === 1
          ? 'Old pond'
          : { content: { type: 'text', text: 'frog' }, model: 'basho-1', stopReason: 'maxTokens' }
      },
    })
    const [one, other] = await ask(client, { poem: SAMPLING }, { poem: SAMPLING })
    expect(one).toMatchObject({
      poem: {
        role: 'assistant',
        content: { type: 'text', text: 'Old pond' },
        model: 'unspecified',
        stopReason: 'endTurn',
      },
    })
    expect(other).toMatchObject({
      poem: { role: 'assistant', content: { text: 'frog' }, model: 'basho-1', stopReason: 'maxTokens' },
    })
    expect(seen[0]).toMatchObject({ maxTokens: 50, temperature: 0.5, messages: [{ content: { text: 'Haiku?' } }] })
  })

  it('gets the places it may work in', async () => {
    const client = await meetAsker({
      era,
      onRoots: () => ['file:///home/ada/../ada/work', { uri: 'file:///srv', name: 'Srv' }],
    })
    const [answer] = await ask(client, { places: ROOTS })
    expect(answer).toEqual({
      places: { roots: [{ uri: 'file:///home/ada/work' }, { uri: 'file:///srv', name: 'Srv' }] },
    })
    await client.rootsChanged()
  })

  it('asks several things at once, and again', async () => {
    const client = await meetAsker({ era, onElicit: () => ({ name: 'Ada' }), onSample: () => 'x', onRoots: () => [] })
    const [first, second] = await ask(client, { who: form(NAME), poem: SAMPLING, places: ROOTS }, { again: form(NAME) })
    expect(Object.keys(first ?? {}).sort()).toEqual(['places', 'poem', 'who'])
    expect(second).toEqual({ again: { action: 'accept', content: { name: 'Ada' } } })
  })
})

describe('what a client says it can do', () => {
  const text = (): string => ''
  it.each([
    [{}, {}],
    [{ onElicit: () => ({}) }, { elicitation: { form: {}, url: {} } }],
    [{ onElicit: () => ({}), elicitModes: ['form'] as const }, { elicitation: { form: {} } }],
    [{ onSample: text }, { sampling: {} }],
    [{ onSample: text, sampleTools: true }, { sampling: { tools: {} } }],
    [{ onRoots: () => [] }, { roots: { listChanged: true } }],
    [{ extensions: { 'com.example/pictures': { size: 3 } } }, { extensions: { 'com.example/pictures': { size: 3 } } }],
  ])('is what it has handlers for: %#', async (options, capabilities) => {
    const { FastMCP } = await import('../index.ts')
    for (const era of ['stateless', 'stateful'] as const) {
      const mcp = new FastMCP({ name: 'asked', version: '1.0.0' })
      mcp.tool('who', { description: 'Tells' }, (_, ctx) => ctx.client.capabilities as object)
      await using client = await connect(mcp, { era, ...options })
      expect((await client.callTool('who')).data).toEqual(capabilities)
    }
  })
})

describe('an answer that will not do', () => {
  const bad = [
    ['of the wrong type', { age: 'old' }, 'age: must be a number'],
    ['out of bounds', { age: 300 }, 'age: must be at most 150'],
    ['without what is required', {}, 'age: is required'],
    ['with what was not asked', { age: 3, name: 'x' }, 'name: is not in the form'],
    ['of no form', 'yes', 'must be an object'],
  ] as const
  const question = form({ age: { type: 'number', maximum: 150 } }, { required: ['age'] })

  it.each(bad)('%s fails the call in the stateless era', async (_, content, words) => {
    const client = await meetAsker({ era: 'stateless', onElicit: () => content as never })
    await expect(ask(client, { q: question })).rejects.toMatchObject({
      code: 'HANDLER_FAILED',
      message: expect.stringContaining(words),
    })
  })

  it.each(bad)('%s is kept from the server and told here in the stateful era', async (_, content, words) => {
    const problems: FastMCPError[] = []
    const onError = (problem: FastMCPError): void => void problems.push(problem)
    const client = await meetAsker({ era: 'stateful', onElicit: () => content as never, onError })
    const problem = await ask(client, { q: question }).catch((thrown: Error) => thrown)
    expect(String(problem)).toContain('The client could not answer elicitation/create')
    expect(String(problem)).not.toContain(words)
    expect(problems).toMatchObject([{ code: 'HANDLER_FAILED', message: expect.stringContaining(words) }])
  })

  it('is content for an address', async () => {
    const client = await meetAsker({ era: 'stateless', onElicit: () => ({ a: 1 }) })
    const params = { mode: 'url', message: 'Pay', url: 'https://example.com/pay' }
    await expect(ask(client, { q: { method: 'elicitation/create', params } })).rejects.toThrow('takes no content')
  })

  it.each([[['https://example.com']], [['/home/ada']], ['file:///x']])('is a place %j', async (roots) => {
    const client = await meetAsker({ era: 'stateless', onRoots: () => roots as string[] })
    await expect(ask(client, { q: ROOTS })).rejects.toMatchObject({ code: 'HANDLER_FAILED' })
  })

  it('is an error, whose words the server does not learn', async () => {
    const fail = (): never => {
      throw new Error('secret-canary')
    }
    const stateless = await meetAsker({ era: 'stateless', onElicit: fail })
    await expect(ask(stateless, { q: question })).rejects.toMatchObject({
      code: 'HANDLER_FAILED',
      cause: { message: 'secret-canary' },
    })
    const problems: FastMCPError[] = []
    const stateful = await meetAsker({ era: 'stateful', onElicit: fail, onError: (problem) => problems.push(problem) })
    const problem = await ask(stateful, { q: question }).catch((thrown: Error) => thrown)
    expect(JSON.stringify(problem) + String(problem)).not.toContain('canary')
    expect(problems).toMatchObject([{ cause: { message: 'secret-canary' } }])
  })
})

describe('a question that will not do', () => {
  it('is one that the client has no handler for', async () => {
    const client = await meetAsker({ era: 'stateless', onRoots: () => [] })
    await expect(ask(client, { q: SAMPLING })).rejects.toMatchObject({ name: expect.stringMatching(/Error$/) })
  })

  it('is one for a model that uses tools, where it cannot', async () => {
    const onSample = vi.fn(() => 'x')
    const client = await meetAsker({ era: 'stateless', onSample })
    const params = { ...SAMPLING.params, tools: [{ name: 'x', inputSchema: { type: 'object' } }] }
    await expect(ask(client, { q: { ...SAMPLING, params } })).rejects.toThrow()
    expect(onSample).not.toHaveBeenCalled()
  })
})

describe('a server that asks too much', () => {
  it('is refused more than 32 questions at once', async () => {
    const onElicit = vi.fn(() => ({ name: 'Ada' }))
    const client = await meetAsker({ era: 'stateless', onElicit })
    const many = (count: number) => Object.fromEntries(Array.from({ length: count }, (_, n) => [`q${n}`, form(NAME)]))
    expect(Object.keys((await ask(client, many(32)))[0] ?? {})).toHaveLength(32)
    await expect(ask(client, many(33))).rejects.toMatchObject({ code: 'INVALID_ASK' })
    expect((await ask(client, many(1)))[0]).toHaveProperty('q0')
  })

  it('is given up after ten rounds', async () => {
    const client = await meetAsker({ era: 'stateless', onElicit: () => ({ name: 'Ada' }) })
    const rounds = Array.from({ length: 11 }, () => ({ q: form(NAME) }))
    expect(await ask(client, ...rounds.slice(1))).toHaveLength(10)
    await expect(ask(client, ...rounds)).rejects.toMatchObject({ code: 'TOO_MANY_ROUNDS' })
  })
})

describe('the time of a call', () => {
  it.each(['stateless', 'stateful'] as const)('does not run while the user thinks, %s', async (era) => {
    let answer: (() => void) | undefined
    const client = await meetAsker({
      era,
      timeout: 300,
      onElicit: () =>
        new Promise((resolve) => {
          answer = () => resolve({ name: 'Ada' })
        }),
    })
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'performance'] })
    try {
      const answered = ask(client, { who: form(NAME) })
      while (answer === undefined) await vi.advanceTimersByTimeAsync(1)
      await vi.advanceTimersByTimeAsync(9 * 60_000)
      answer()
      expect(await answered).toHaveLength(1)
    } finally {
      vi.useRealTimers()
    }
  })

  it.each(['stateless', 'stateful'] as const)(
    'ends by its signal although the handler does not listen, %s',
    async (era) => {
      const abort = new AbortController()
      const reason = new Error('enough')
      let ended: AbortSignal | undefined
      const client = await meetAsker({
        era,
        onElicit: (_, __, { signal }) => {
          ended = signal
          abort.abort(reason)
          return new Promise(() => undefined)
        },
      })
      const call = client.callTool('ask', { rounds: [{ who: form(NAME) }] }, { signal: abort.signal })
      await expect(call).rejects.toBe(reason)
      await vi.waitFor(() => expect(ended?.aborted).toBe(true))
    },
  )

  it('ends when the client is closed', async () => {
    let closing: Promise<void> | undefined
    const client = await meetAsker({
      era: 'stateless',
      onElicit: () => {
        closing = client.close()
        return new Promise(() => undefined)
      },
    })
    await expect(ask(client, { who: form(NAME) })).rejects.toMatchObject({ code: 'CONNECTION_CLOSED' })
    await closing
  })
})

describe('a server of the stateful era that wants the user somewhere first', () => {
  async function gatekeeper(options: Parameters<typeof connect>[1]) {
    const [toServer, toClient] = [new PassThrough(), new PassThrough()]
    const server = new McpServerV1({ name: 'gatekeeper', version: '1.0.0' })
    let calls = 0
    server.registerTool('enter', {}, () => {
      if (calls++ % 2 === 1) return { content: [{ type: 'text', text: 'in' }] }
      const address = { mode: 'url', message: 'Sign in', url: 'https://example.com/in', elicitationId: '1' } as const
      throw new UrlElicitationRequiredError([address], 'Sign in first')
    })
    await server.connect(new StdioV1(toServer, toClient))
    const client = await connect({ input: toClient, output: toServer }, { era: 'stateful', ...options })
    onTestFinished(async () => {
      await client.close()
      await server.close()
    })
    return { client, calls: () => calls }
  }

  it('gets the user there, and the call once more', async () => {
    const seen: unknown[] = []
    const { client, calls } = await gatekeeper({
      onElicit: (message, { url, ...form }) => {
        seen.push([message, url, 'whenDone' in form && form.whenDone])
        return { action: 'accept' }
      },
    })
    expect((await client.callTool('enter')).text).toBe('in')
    expect([seen, calls()]).toEqual([[['Sign in', 'https://example.com/in', true]], 2])
  })

  it.each([
    ['the user declines', { onElicit: () => ({ action: 'decline' as const }) }],
    ['nobody can show addresses', {}],
    ['the handler shows none', { onElicit: () => ({ action: 'accept' as const }), elicitModes: ['form'] as const }],
  ])('hears no more when %s', async (_, options) => {
    const { client, calls } = await gatekeeper(options)
    await expect(client.callTool('enter')).rejects.toMatchObject({ name: 'ServerError', rpcCode: -32042 })
    expect(calls()).toBe(1)
  })
})
