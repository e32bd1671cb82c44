import { type Client, connect } from '@fastmcp/ts/client'
import { createTestClient } from '@fastmcp/ts/testing'
import { describe, expect, it, onTestFinished } from 'vitest'
import { resource } from '../../components/resource.ts'
import type { Change } from '../../engine/application.ts'
import { FastMCP } from '../../fastmcp.ts'
import { namespace } from '../../transforms/namespace.ts'
import { pipe } from '../../transforms/pipe.ts'
import { createListeners } from '../listeners.ts'
import { createLocalProvider } from '../local.ts'
import type { Provider } from '../provider.ts'
import { type ProxyOptions, type ProxyTarget, proxy } from './index.ts'

const ERAS = ['stateless', 'stateful'] as const
/** In no time, and never because of a busy machine. */
const SOON = { interval: 1, timeout: 10_000 }

/** A server that can tell some of its callers of changes and others not. */
function discreet(): { readonly mcp: FastMCP; readonly tell: (change: Change) => void } {
  const listeners = createListeners()
  const local = createLocalProvider()
  local.add(resource('doc://cart', {}, () => 'cart'))
  const provider: Provider = { ...local, perCaller: true, onChange: listeners.add }
  const mcp = new FastMCP({ name: 'discreet', version: '1' })
  mcp.tool('ping', { description: 'x' }, () => 'pong')
  mcp.prompt('greet', { description: 'x' }, () => 'Hello')
  mcp.mount(provider)
  return { mcp, tell: listeners.tell }
}

/** Who knows of a caller by the token that a proxy sends along, or directly. */
function isOf(subject: string): NonNullable<Change['isFor']> {
  return (hearer) => hearer.auth?.subject === subject || hearer.header('authorization') === `Bearer ${subject}`
}

async function listen(mcp: FastMCP): Promise<string> {
  const { url, close } = await mcp.listen({ port: 0 })
  onTestFinished(close)
  return url
}

function inFrontOf(target: ProxyTarget, options: ProxyOptions = {}): FastMCP {
  const mcp = new FastMCP({ name: 'front', version: '1' })
  mcp.mount('ns', pipe(proxy(target, { ...options, onError: () => undefined }), namespace('in')))
  onTestFinished(() => mcp.close())
  return mcp
}

const perCaller: ProxyOptions = {
  headersFor: (auth): Record<string, string> => (auth === undefined ? {} : { authorization: `Bearer ${auth.subject}` }),
}

/** What a client hears of tools and of a resource, from when all on the way listen. */
async function hearing(client: Client, uri: string, tell: (change: Change) => void): Promise<string[]> {
  onTestFinished(() => client.close())
  const heard: string[] = []
  let isReady = false
  await Promise.all([client.tools(), client.resources(), client.prompts()])
  await client.listen({ tools: true, prompts: true, resources: [uri] }, ({ kind, assumed }) => {
    if (kind === 'prompts') isReady = true
    else if (!assumed) heard.push(kind)
  })
  const isHeard = (): boolean => {
    tell({ kind: 'prompt' })
    return isReady
  }
  await expect.poll(isHeard, { ...SOON, interval: 10 }).toBe(true)
  return heard
}

describe('a change for some callers', () => {
  for (const era of ERAS) {
    it(`is told them alone (${era})`, async () => {
      const { mcp, tell } = discreet()
      const url = await listen(mcp)
      const here = (subject: string): Promise<Client> => createTestClient(mcp, { era, auth: { subject } })
      const there = (subject: string): Promise<Client> =>
        connect(url, { era, headers: { authorization: `Bearer ${subject}` } })
      for (const open of [here, there]) {
        const ann = await hearing(await open('ann'), 'doc://cart', tell)
        const bob = await hearing(await open('bob'), 'doc://cart', tell)
        for (const change of CHANGES) {
          tell({ ...change, isFor: isOf('ann') })
          await expect.poll(() => ann.length, SOON).toBe(1)
          tell({ ...change, isFor: isOf('bob') })
          await expect.poll(() => bob.length, SOON).toBe(1)
          tell({ ...change, isFor: isOf('ann') })
          tell({ ...change, isFor: isOf('bob') })
          await expect.poll(() => [ann.length, bob.length], SOON).toEqual([2, 2])
          tell({ ...change, isFor: isOf('ann') })
          tell(change)
          await expect.poll(() => [ann.length, bob.length], SOON).toEqual([3, 3])
          ann.length = bob.length = 0
        }
      }
    })
  }
})

const URI = 'doc://ns/in/cart'
const CHANGES: readonly Change[] = [{ kind: 'tool' }, { kind: 'contents', uri: 'doc://cart' }]

describe('what is heard over the connection of one caller', () => {
  for (const upstream of ERAS) {
    for (const era of ERAS) {
      const known = async (front: FastMCP, subject: string, tell: (change: Change) => void): Promise<string[]> =>
        hearing(await createTestClient(front, { era, auth: { subject } }), URI, tell)

      it(`is told that caller alone: tokens of callers, a ${upstream} server, ${era} callers`, async () => {
        const { mcp, tell } = discreet()
        for (const target of era === upstream ? [mcp] : [await listen(mcp)]) {
          const front = inFrontOf(target, { era: upstream, ...(target !== mcp && perCaller) })
          const ann = await known(front, 'ann', tell)
          const bob = await known(front, 'bob', tell)
          for (const change of CHANGES) {
            tell({ ...change, isFor: isOf('ann') })
            await expect.poll(() => ann.length, SOON).toBe(1)
            tell({ ...change, isFor: isOf('bob') })
            await expect.poll(() => bob.length, SOON).toBe(1)
            expect([ann.length, bob.length]).toEqual([1, 1])
            ann.length = bob.length = 0
          }
        }
      })

      if (era === upstream) continue
      it(`is told all who share it: a ${upstream} server, ${era} callers`, async () => {
        const { mcp, tell } = discreet()
        const front = inFrontOf(await listen(mcp), { era: upstream })
        const ann = await known(front, 'ann', tell)
        const ada = await known(front, upstream === 'stateless' ? 'ada' : 'ann', tell)
        for (const change of CHANGES) {
          tell(change)
          await expect.poll(() => [ann.length, ada.length], SOON).toEqual([1, 1])
          ann.length = ada.length = 0
        }
      })
    }
  }

  it('is told no other caller without a name either, where each has a session of their own', async () => {
    const { mcp, tell } = discreet()
    const sessions: (string | undefined)[] = []
    mcp.tool('who', { description: 'x' }, (_, ctx) => void sessions.push(ctx.sessionId))
    const front = inFrontOf(await listen(mcp), { era: 'stateful' })
    const heard: string[][] = []
    for (const place of [0, 1]) {
      const caller = await createTestClient(front, { era: 'stateful' })
      heard[place] = await hearing(caller, URI, tell)
      await caller.callTool('ns_in_who')
    }
    for (const change of CHANGES) {
      for (const [place, own] of heard.entries()) {
        tell({ ...change, isFor: ({ sessionId }) => sessionId === sessions[place] })
        await expect.poll(() => own.length, SOON).toBe(1)
      }
      expect(heard.map(({ length }) => length)).toEqual([1, 1])
      for (const own of heard) own.length = 0
    }
  })
})
