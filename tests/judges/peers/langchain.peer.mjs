// The MCP adapters of LangChain against servers of ours, over HTTP and stdio.
import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { MultiServerMCPClient } from '@langchain/mcp-adapters'
import { LIBRARY, libraryOverHttp } from './programs.mjs'

let library
before(async () => {
  library = await libraryOverHttp()
})
after(() => library.stop())

const WAYS = {
  http: () => ({ transport: 'http', url: library.url }),
  stdio: () => ({ transport: 'stdio', ...LIBRARY, stderr: 'ignore' }),
}

for (const [way, server] of Object.entries(WAYS)) {
  describe(way, () => {
    const open = async (t) => {
      const client = new MultiServerMCPClient({ mcpServers: { library: server() } })
      t.after(() => client.close())
      return { client, tools: await client.getTools() }
    }

    test('it lists and calls tools', async (t) => {
      const { tools } = await open(t)
      assert.deepEqual(tools.map(({ name }) => name).sort(), ['add', 'count', 'lend', 'wait'])
      const invoke = (name, args) => tools.find((tool) => tool.name === name).invoke(args)
      assert.match(JSON.stringify(await invoke('add', { a: 2 })), /3/)
      assert.match(JSON.stringify(await invoke('count', { to: 3 })), /3/)
      await assert.rejects(invoke('lend', { title: 'Dune' }), /No book called Dune/)
    })

    test('it reads resources', async (t) => {
      const { client } = await open(t)
      const { library: resources } = await client.listResources()
      assert.deepEqual(
        resources.map(({ uri }) => uri),
        ['config://app'],
      )
      assert.match(JSON.stringify(await client.readResource('library', 'config://app')), /dark/)
    })
  })
}

test('it uses two servers side by side', async (t) => {
  const mcpServers = { one: WAYS.http(), two: WAYS.stdio() }
  const client = new MultiServerMCPClient({ mcpServers, prefixToolNameWithServerName: true })
  t.after(() => client.close())
  assert.equal((await client.getTools()).length, 8)
})
