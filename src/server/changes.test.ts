import { describe, expect, it, vi } from 'vitest'
import type { Change } from '../engine/application.ts'
import { type Changes, createChanges, createServerChanges } from './changes.ts'

const fail = (problem: Error): never => {
  throw problem
}
const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve))
const TOOL: Change = { kind: 'tool' }
const NOBODY = { auth: undefined, client: { info: undefined, capabilities: {} }, header: () => undefined }

/** A bus outside the process: nothing happens at once. */
function distantBus() {
  const local = createChanges(fail)
  let subscribers = 0
  const bus: Changes = {
    publish: async (change) => {
      await turn()
      local.publish(change)
    },
    subscribe: async (listener) => {
      await turn()
      subscribers++
      const stop = local.subscribe(listener)
      return () => {
        subscribers--
        stop()
      }
    },
  }
  return { bus, subscribers: () => subscribers }
}

describe('a bus in memory', () => {
  it('tells everybody, even when one of them throws', () => {
    const problems: Error[] = []
    const changes = createChanges((problem) => void problems.push(problem))
    const heard: Change[] = []
    changes.subscribe(() => {
      throw 'no error'
    })
    const stop = changes.subscribe((change) => heard.push(change))
    changes.publish(TOOL)
    stop()
    stop()
    changes.publish(TOOL)
    expect([heard, problems.map(String)]).toEqual([[TOOL], ['Error: no error', 'Error: no error']])
  })
})

describe('the changes of a server', () => {
  it('for some stay with them, unless the same is told everybody in that turn, and never leave the process', async () => {
    const { bus } = distantBus()
    const travelled: Change[] = []
    await bus.subscribe((change) => travelled.push(change))
    const changes = createServerChanges(bus, fail)
    const heard: Change[] = []
    changes.subscribe((change) => heard.push(change))
    const hearer = (sessionId: string) => ({ ...NOBODY, sessionId })
    const isFor = (wanted: string): Change => ({ ...TOOL, isFor: ({ sessionId }) => sessionId === wanted })
    for (const each of ['ann', 'bob']) changes.announce(isFor(each))
    await turn()
    expect(['ann', 'bob', 'cem'].map((each) => heard[0]?.isFor?.(hearer(each)))).toEqual([true, true, false])
    changes.publish(TOOL)
    changes.publish(isFor('ann'))
    await turn()
    expect(heard.slice(1)).toEqual([TOOL])
    expect(travelled).toEqual([])
  })

  it('are told once a turn, each in the order in which it first came', async () => {
    const changes = createServerChanges(createChanges(fail), fail)
    const heard: Change[] = []
    changes.subscribe((change) => heard.push(change))
    for (let i = 0; i < 1000; i++) {
      changes.announce(TOOL)
      changes.announce({ kind: 'contents', uri: `test://${i % 2}` })
    }
    expect(heard).toEqual([])
    await turn()
    expect(heard).toEqual([TOOL, { kind: 'contents', uri: 'test://0' }, { kind: 'contents', uri: 'test://1' }])
    changes.announce(TOOL)
    await turn()
    expect(heard).toHaveLength(4)
  })

  it('that are its own are told here alone, and once if they are told both ways', async () => {
    const { bus } = distantBus()
    const [here, there] = [createServerChanges(bus, fail), createServerChanges(bus, fail)]
    const heard: string[] = []
    here.subscribe(({ kind }) => heard.push(`here ${kind}`))
    there.subscribe(({ kind }) => heard.push(`there ${kind}`))
    await turn()
    here.publish(TOOL)
    await turn()
    await turn()
    expect(heard.splice(0)).toEqual(['here tool'])
    here.publish(TOOL)
    here.announce(TOOL)
    here.publish(TOOL)
    await vi.waitFor(() => expect(heard.sort()).toEqual(['here tool', 'there tool']))
  })

  it('reach every server on the same bus, which may take its time', async () => {
    const { bus, subscribers } = distantBus()
    const [here, there] = [createServerChanges(bus, fail), createServerChanges(bus, fail)]
    const heard: string[] = []
    const stops = [here.subscribe(() => heard.push('here')), there.subscribe(() => heard.push('there'))]
    await turn()
    await turn()
    here.announce(TOOL)
    await vi.waitFor(() => expect(heard.sort()).toEqual(['here', 'there']))
    expect(subscribers()).toBe(2)
    for (const stop of stops) stop()
    await vi.waitFor(() => expect(subscribers()).toBe(0))
  })

  it('listen to the bus only while somebody listens to them', async () => {
    const { bus, subscribers } = distantBus()
    const changes = createServerChanges(bus, fail)
    const stops = [changes.subscribe(() => undefined), changes.subscribe(() => undefined)]
    await vi.waitFor(() => expect(subscribers()).toBe(1))
    stops[0]?.()
    stops[0]?.()
    await turn()
    expect(subscribers()).toBe(1)
    stops[1]?.()
    await vi.waitFor(() => expect(subscribers()).toBe(0))
  })

  it('report a bus that fails, and go on', async () => {
    const problems: string[] = []
    const broken: Changes = {
      publish: () => Promise.reject(new Error('no way out')),
      subscribe: () => {
        throw new Error('no way in')
      },
    }
    const changes = createServerChanges(broken, ({ message }) => void problems.push(message))
    changes.subscribe(() => undefined)()
    changes.announce(TOOL)
    await turn()
    expect(problems).toEqual(['no way in', 'no way out'])
  })
})
