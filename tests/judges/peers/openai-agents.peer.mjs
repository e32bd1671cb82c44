// The MCP clients of the OpenAI Agents SDK against a server of ours, over HTTP and stdio.
import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { getAllMcpTools, MCPServerStdio, MCPServerStreamableHttp, setTracingDisabled } from '@openai/agents'
import { LIBRARY, libraryOverHttp } from './programs.mjs'

setTracingDisabled(true)
let library
before(async () => {
  library = await libraryOverHttp()
})
after(() => library.stop())

const WAYS = {
  http: () => new MCPServerStreamableHttp({ url: library.url, name: 'library' }),
  stdio: () => new MCPServerStdio({ ...LIBRARY, name: 'library' }),
}

for (const [way, make] of Object.entries(WAYS)) {
  describe(way, () => {
    const open = async (t) => {
      const server = make()
      await server.connect()
      t.after(() => server.close())
      return server
    }

    test('it lists and calls tools', async (t) => {
      const server = await open(t)
      assert.deepEqual(
        (await server.listTools()).map(({ name }) => name),
        ['add', 'count', 'lend', 'wait'],
      )
      assert.match(JSON.stringify(await server.callTool('add', { a: 2 })), /sum.*3/)
      assert.match(JSON.stringify(await server.callTool('count', { to: 3 })), /3/)
      assert.match(JSON.stringify(await server.callTool('lend', { title: 'Dune' })), /No book called Dune/)
    })

    test('it makes tools for a model', async (t) => {
      const server = await open(t)
      const tools = await getAllMcpTools([server])
      assert.deepEqual(
        tools.map(({ name }) => name),
        ['add', 'count', 'lend', 'wait'],
      )
      assert.equal(tools[0].parameters.type, 'object')
    })

    test('it reads resources', async (t) => {
      const server = await open(t)
      assert.deepEqual(
        (await server.listResources()).resources.map(({ uri }) => uri),
        ['config://app'],
      )
      assert.equal((await server.listResourceTemplates()).resourceTemplates.length, 1)
      assert.match((await server.readResource('books://42')).contents[0].text, /Book 42/)
    })

    test('it goes on after a bad call', async (t) => {
      const server = await open(t)
      await server.callTool('nope', {}).catch(() => undefined)
      assert.match(JSON.stringify(await server.callTool('add', { a: 1 })), /sum.*2/)
    })
  })
}
