// The client of the AI SDK against a server of ours, over HTTP and stdio, in both eras.
import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { createMCPClient } from '@ai-sdk/mcp'
import { Experimental_StdioMCPTransport as StdioTransport } from '@ai-sdk/mcp/mcp-stdio'
import { LIBRARY, libraryOverHttp } from './programs.mjs'

let library
before(async () => {
  library = await libraryOverHttp()
})
after(() => library.stop())

const WAYS = {
  'http, which finds out by itself': () => ({ transport: { type: 'http', url: library.url } }),
  'http, by handshake': () => ({ transport: { type: 'http', url: library.url }, protocolVersionDiscovery: false }),
  stdio: () => ({ transport: new StdioTransport({ ...LIBRARY, stderr: 'ignore' }) }),
}

for (const [way, config] of Object.entries(WAYS)) {
  describe(way, () => {
    const open = async (t) => {
      const client = await createMCPClient(config())
      t.after(() => client.close())
      return client
    }

    test('it learns who the server is', async (t) => {
      const client = await open(t)
      assert.equal(client.serverInfo.name, 'library')
      assert.equal(client.instructions, 'Ask before you borrow')
    })

    test('it lists and calls tools', async (t) => {
      const client = await open(t)
      const { tools } = await client.listTools()
      assert.deepEqual(
        tools.map(({ name }) => name),
        ['add', 'count', 'lend', 'wait'],
      )
      const { structuredContent } = await client.callTool({ name: 'add', arguments: { a: 2 } })
      assert.deepEqual(structuredContent, { sum: 3 })
      const failed = await client.callTool({ name: 'lend', arguments: { title: 'Dune' } })
      assert.equal(failed.isError, true)
    })

    test('it makes tools for a model', async (t) => {
      const client = await open(t)
      const tools = await client.tools()
      const result = await tools.add.execute({ a: 1, b: 2 }, { toolCallId: '1', messages: [] })
      assert.match(JSON.stringify(result), /3/)
    })

    test('it reads resources and fills in prompts', async (t) => {
      const client = await open(t)
      assert.deepEqual(
        (await client.listResources()).resources.map(({ uri }) => uri),
        ['config://app'],
      )
      assert.match((await client.readResource({ uri: 'config://app' })).contents[0].text, /dark/)
      assert.equal((await client.listResourceTemplates()).resourceTemplates.length, 1)
      const { messages } = await client.getPrompt({ name: 'recommend', arguments: { genre: 'crime' } })
      assert.equal(messages[0].content.text, 'Recommend a crime')
    })

    test('it goes on after a bad call', async (t) => {
      const client = await open(t)
      await assert.rejects(async () => {
        const { isError } = await client.callTool({ name: 'nope', arguments: {} })
        if (isError) throw new Error('nope')
      })
      const { structuredContent } = await client.callTool({ name: 'add', arguments: { a: 1 } })
      assert.deepEqual(structuredContent, { sum: 2 })
    })
  })
}
