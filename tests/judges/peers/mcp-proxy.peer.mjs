// Our client through mcp-proxy: before the official server, and before one of ours.
import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { connect } from '../../../dist/client/index.js'
import { EVERYTHING, LIBRARY, proxied } from './programs.mjs'

describe('the official server behind it', () => {
  let proxy
  before(async () => {
    proxy = await proxied(EVERYTHING)
  })
  after(() => proxy.stop())

  for (const era of ['auto', 'stateless', 'stateful']) {
    test(`is used, era ${era}`, async (t) => {
      const client = await connect(proxy.url, { era })
      t.after(() => client.close())
      assert.equal(client.era, era === 'auto' ? 'stateless' : era)
      assert((await client.tools()).some(({ name }) => name === 'echo'))
      assert.equal((await client.callTool('echo', { message: 'hi' })).text, 'Echo: hi')
      assert.match((await client.readResource('demo://resource/dynamic/text/1')).text, /1/)
      assert.match(JSON.stringify((await client.getPrompt('args-prompt', { city: 'Rome' })).messages), /Rome/)
      const seen = []
      const options = { onProgress: ({ progress }) => seen.push(progress) }
      await client.callTool('trigger-long-running-operation', { duration: 0.2, steps: 2 }, options)
      relayed(seen, 2)
      await assert.rejects(client.callTool('nope'), { name: /^(ToolCallError|ServerError)$/ })
    })
  }
})

for (const upstream of ['legacy', 'auto']) {
  describe(`a server of ours behind it, spoken to as ${upstream}`, () => {
    let proxy
    before(async () => {
      proxy = await proxied(LIBRARY, ['--upstreamProtocol', upstream])
    })
    after(() => proxy.stop())

    for (const era of ['stateless', 'stateful']) {
      test(`is used, era ${era}`, async (t) => {
        const client = await connect(proxy.url, { era })
        t.after(() => client.close())
        assert.equal(client.era, era)
        assert.deepEqual(
          (await client.tools()).map(({ name }) => name),
          ['add', 'count', 'lend', 'wait'],
        )
        assert.deepEqual((await client.callTool('add', { a: 1, b: 2 })).data, { sum: 3 })
        assert.deepEqual((await client.readResource('config://app')).json(), { theme: 'dark' })
        // What is no object it passes on unwrapped, to revisions that know objects alone.
        if (upstream === 'legacy' || era === 'stateless') {
          assert.equal((await client.callTool('count', { to: 3 })).data, 3)
        }
        await assert.rejects(client.callTool('lend', { title: 'Dune' }), { code: 'NOT_FOUND' })
      })
    }
  })
}

/** Progress that comes right before a result can be lost in the proxy, which hands results on sooner. */
function relayed(seen, most) {
  assert.deepEqual(
    seen,
    Array.from({ length: seen.length }, (_, index) => index + 1),
  )
  assert(seen.length >= 1 && seen.length <= most)
}
