// Our client against the official server that has everything, over stdio and HTTP.
import assert from 'node:assert/strict'
import { PassThrough } from 'node:stream'
import { after, before, describe, test } from 'node:test'
import { connect } from '../../../dist/client/index.js'
import { terminalElicit } from '../../../dist/client/terminal/index.js'
import { EVERYTHING, everythingOverHttp, until } from './programs.mjs'

let http
before(async () => {
  http = await everythingOverHttp()
})
after(() => http.stop())

const WAYS = { stdio: () => EVERYTHING, http: () => http.url }
const ANSWERS = {
  onElicit: (_, form) => (form.mode === 'url' ? { action: 'accept' } : { ...form.defaults, name: 'Ada' }),
  onSample: ({ messages, maxTokens }) => `heard ${messages.length}, at most ${maxTokens}`,
  onRoots: () => [{ uri: 'file:///home/ada', name: 'Home' }],
}

for (const [way, target] of Object.entries(WAYS)) {
  describe(way, () => {
    const open = async (t, options = ANSWERS) => {
      const client = await connect(target(), { stderr: 'ignore', ...options })
      t.after(() => client.close())
      // Its tools depend on what the client can do, which it looks at after the handshake.
      const wanted = options.onElicit ? 'trigger-elicitation-request' : 'echo'
      let tools = await client.tools()
      while (!tools.some(({ name }) => name === wanted)) tools = await client.tools({ fresh: true })
      return { client, tools }
    }

    test('it is met in the stateful era, by itself', async (t) => {
      const { client } = await open(t)
      assert.equal(client.era, 'stateful')
      assert.equal(client.serverInfo.name, 'mcp-servers/everything')
      assert(client.instructions.length > 0)
      await client.ping()
    })

    test('its tools, resources, templates and prompts are listed', async (t) => {
      const { client, tools } = await open(t)
      for (const name of ['echo', 'get-sum', 'trigger-sampling-request', 'trigger-url-elicitation', 'get-roots-list']) {
        assert(
          tools.some((tool) => tool.name === name),
          `${name} is missing`,
        )
      }
      assert((await client.resources()).length > 0)
      assert((await client.templates()).length > 0)
      assert((await client.prompts()).length > 0)
    })

    test('a client without handlers is not offered what needs them', async (t) => {
      const { tools } = await open(t, {})
      const names = tools.map(({ name }) => name)
      for (const name of ['trigger-sampling-request', 'trigger-elicitation-request', 'get-roots-list']) {
        assert(!names.includes(name), `${name} is offered`)
      }
    })

    test('tools are called: text, structured content, pictures, links', async (t) => {
      const { client } = await open(t)
      assert.equal((await client.callTool('echo', { message: 'hi' })).text, 'Echo: hi')
      assert.match((await client.callTool('get-sum', { a: 2, b: 3 })).text, /5/)
      const { data } = await client.callTool('get-structured-content', { location: 'New York' })
      assert.equal(typeof data.temperature, 'number')
      const { content } = await client.callTool('get-tiny-image')
      assert(content.some(({ type, mimeType }) => type === 'image' && mimeType === 'image/png'))
      const links = await client.callTool('get-resource-links', { count: 2 })
      assert.equal(links.content.filter(({ type }) => type === 'resource_link').length, 2)
    })

    test('failures are told by kind', async (t) => {
      const { client } = await open(t)
      await assert.rejects(client.callTool('get-sum', { a: 'x' }), { name: /^(ToolCallError|ServerError)$/ })
      await assert.rejects(client.readResource('demo://nowhere'), { name: 'ServerError' })
    })

    test('progress is told as it is made', async (t) => {
      const { client } = await open(t)
      const seen = []
      const options = { onProgress: ({ progress, total }) => seen.push(`${progress}/${total}`) }
      await client.callTool('trigger-long-running-operation', { duration: 0.3, steps: 3 }, options)
      assert.deepEqual(seen, ['1/3', '2/3', '3/3'])
    })

    test('a call is cancelled', async (t) => {
      const { client } = await open(t)
      const abort = new AbortController()
      const reason = new Error('enough')
      const options = { signal: abort.signal, onProgress: () => abort.abort(reason) }
      await assert.rejects(
        client.callTool('trigger-long-running-operation', { duration: 20, steps: 200 }, options),
        reason,
      )
      assert.equal((await client.callTool('echo', { message: 'still' })).text, 'Echo: still')
    })

    test('its log messages arrive', async (t) => {
      const logs = []
      const { client } = await open(t, { ...ANSWERS, logLevel: 'debug', onLog: (entry) => logs.push(entry) })
      await client.callTool('toggle-simulated-logging')
      await until(() => logs.length > 0)
      await client.callTool('toggle-simulated-logging')
    })

    test('it is answered when it wants a model', async (t) => {
      const { client } = await open(t)
      const { text } = await client.callTool('trigger-sampling-request', { prompt: 'Haiku', maxTokens: 9 })
      assert.match(text, /heard 1, at most 9/)
    })

    test('its form is filled in from its defaults', async (t) => {
      const { client } = await open(t)
      const { text } = await client.callTool('trigger-elicitation-request')
      const raw = JSON.parse(/Raw result: (.*)$/s.exec(text)[1])
      assert.equal(raw.action, 'accept')
      assert.deepEqual(raw.content, {
        name: 'Ada',
        firstLine: 'It was a dark and stormy night.',
        integer: 42,
        number: 3.14,
        untitledSingleSelectEnum: 'Monica',
        untitledMultipleSelectEnum: ['Guitar'],
        titledSingleSelectEnum: 'hero-1',
        titledMultipleSelectEnum: ['fish-1'],
        legacyTitledEnum: 'pet-1',
      })
    })

    for (const action of ['decline', 'cancel']) {
      test(`its form is met with ${action}`, async (t) => {
        const { client } = await open(t, { ...ANSWERS, onElicit: () => ({ action }) })
        assert.match((await client.callTool('trigger-elicitation-request')).text, new RegExp(`"action": "${action}"`))
      })
    }

    test('its form is filled in on a terminal', async (t) => {
      const [input, output] = [new PassThrough(), new PassThrough()]
      const { client } = await open(t, { ...ANSWERS, onElicit: terminalElicit({ input, output }) })
      const typed = [
        'Ada',
        'y',
        '',
        'ada',
        'ada@example.com',
        '',
        '1815-12-10',
        '7',
        ':skip',
        '3',
        '1,2',
        '2',
        'Tuna, 3',
        '4',
        '',
      ]
      input.write(`${typed.join('\n')}\n`)
      const { text } = await client.callTool('trigger-elicitation-request')
      assert.deepEqual(JSON.parse(/Raw result: (.*)$/s.exec(text)[1]).content, {
        name: 'Ada',
        check: true,
        firstLine: 'It was a dark and stormy night.',
        email: 'ada@example.com',
        birthdate: '1815-12-10',
        integer: 7,
        untitledSingleSelectEnum: 'Joey',
        untitledMultipleSelectEnum: ['Guitar', 'Piano'],
        titledSingleSelectEnum: 'hero-2',
        titledMultipleSelectEnum: ['fish-1', 'fish-3'],
        legacyTitledEnum: 'pet-4',
      })
    })

    test('its address is seen to, asked for and wanted beforehand', async (t) => {
      const seen = []
      const { client } = await open(t, {
        ...ANSWERS,
        onElicit: (_, { url, whenDone }) => {
          seen.push([url, whenDone])
          return { action: 'accept' }
        },
      })
      const url = 'https://example.com/pay'
      assert.match((await client.callTool('trigger-url-elicitation', { url })).text, /completed/)
      assert.match((await client.callTool('trigger-url-elicitation', { url, errorPath: true })).text, /completed/)
      assert.deepEqual(seen, [
        [url, false],
        ['https://modelcontextprotocol.io', true],
        [url, false],
      ])
    })

    test('it gets the roots, and hears when they change', async (t) => {
      let roots = ['file:///home/ada']
      const { client } = await open(t, { ...ANSWERS, onRoots: () => roots })
      assert.match((await client.callTool('get-roots-list')).text, /file:\/\/\/home\/ada/)
      roots = ['file:///srv/work']
      await client.rootsChanged()
      let text = ''
      while (!text.includes('file:///srv/work')) text = (await client.callTool('get-roots-list')).text
    })

    test('its resources are read, and listened to', async (t) => {
      const { client } = await open(t)
      const uri = 'demo://resource/dynamic/text/1'
      assert.match((await client.readResource(uri)).text, /1/)
      assert((await client.readResource('demo://resource/dynamic/blob/1')).bytes.length > 0)
      const changes = []
      const subscription = await client.listen({ resources: [uri] }, (change) => changes.push(change))
      await client.callTool('toggle-subscriber-updates')
      await until(() => changes.length > 0)
      assert.deepEqual(changes[0], { kind: 'resource', uri, assumed: false })
      await client.callTool('toggle-subscriber-updates')
      await subscription.close()
    })

    test('prompts are filled in and completed', async (t) => {
      const { client } = await open(t)
      const { messages } = await client.getPrompt('args-prompt', { city: 'Rome' })
      assert.match(JSON.stringify(messages), /Rome/)
      const ref = { type: 'ref/prompt', name: 'completable-prompt' }
      const { values } = await client.complete(ref, { name: 'department', value: 'E' })
      assert(values.length > 0)
    })
  })
}
