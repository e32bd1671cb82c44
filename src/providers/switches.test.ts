import { describe, expect, it } from 'vitest'
import type { Kind } from '../components/component.ts'
import { resource } from '../components/resource.ts'
import { tool } from '../components/tool.ts'
import type { Change } from '../engine/application.ts'
import { createLocalProvider } from './local.ts'
import type { Provider, View } from './provider.ts'
import { createSwitches } from './switches.ts'

const VIEW: View = { auth: undefined, sessionId: undefined }

function filled() {
  const local = createLocalProvider()
  for (const name of ['a', 'b']) local.add(tool(name, { description: 'x' }, () => name))
  local.add(resource('test://fixed', {}, () => 'fixed'))
  local.add(resource('test://{name}', { description: 'x' }, ({ name }) => name))
  local.add(resource('test://{any}{?lang}', { description: 'x' }, () => 'any'))
  return local
}

/** The same provider, answering later. */
const later = (source: Provider): Provider => ({
  list: async (kind, view) => source.list(kind, view),
  find: async (kind, id, view) => source.find(kind, id, view),
  onChange: source.onChange,
})

describe.each([
  ['at once', filled],
  ['later', () => later(filled())],
])('what is turned off in a provider that answers %s', (_, source) => {
  const open = () => {
    const switches = createSwitches(source())
    const ids = async (kind: Kind) => (await switches.provider.list(kind, VIEW)).map(({ id }) => id)
    const found = async (kind: Kind, id: string) => (await switches.provider.find(kind, id, VIEW))?.id
    return { ...switches, ids, found }
  }

  it('is neither listed nor found, until it is turned on', async () => {
    const { ids, found, disable, enable } = open()
    expect([disable('tool', 'a'), disable('tool', 'a')]).toEqual([true, false])
    expect([await ids('tool'), await found('tool', 'a'), await found('tool', 'b')]).toEqual([['b'], undefined, 'b'])
    expect([enable('tool', 'a'), enable('tool', 'a')]).toEqual([true, false])
    expect([await ids('tool'), await found('tool', 'a')]).toEqual([['a', 'b'], 'a'])
  })

  it('of templates leaves the next one that matches', async () => {
    const { ids, found, disable } = open()
    expect(await found('template', 'test://x')).toBe('test://{name}')
    disable('template', 'test://{name}')
    expect([await ids('template'), await found('template', 'test://x')]).toEqual([
      ['test://{any}{?lang}'],
      'test://{any}{?lang}',
    ])
    disable('template', 'test://{any}{?lang}')
    expect(await found('template', 'test://x')).toBeUndefined()
  })

  it('of resources is not read by a template instead', async () => {
    const { found, disable } = open()
    disable('resource', 'test://fixed')
    expect([await found('resource', 'test://fixed'), await found('template', 'test://fixed')]).toEqual([
      undefined,
      undefined,
    ])
  })
})

describe('switches', () => {
  it('keep the list the same as long as nothing changes', () => {
    const { provider, disable } = createSwitches(filled())
    const all = provider.list('tool', VIEW)
    expect(provider.list('tool', VIEW)).toBe(all)
    disable('tool', 'a')
    const some = provider.list('tool', VIEW)
    expect([some === all, provider.list('tool', VIEW) === some]).toEqual([false, true])
  })

  it('tell of what they change, and of nothing that is off', () => {
    const local = filled()
    const sources = new Set<(change: Change) => void>()
    const { provider, disable, enable } = createSwitches({
      ...local,
      onChange: (listener) => {
        sources.add(listener)
        return () => void sources.delete(listener)
      },
    })
    const heard: Change[] = []
    const stop = provider.onChange((change) => heard.push(change))
    const contents: Change = { kind: 'contents', uri: 'test://fixed' }
    disable('resource', 'test://fixed')
    for (const listener of sources) listener(contents)
    enable('resource', 'test://fixed')
    for (const listener of sources) listener(contents)
    stop()
    disable('tool', 'a')
    expect([heard, sources.size]).toEqual([[{ kind: 'resource' }, { kind: 'resource' }, contents], 0])
  })
})
