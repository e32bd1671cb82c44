import { describe, expect, it } from 'vitest'
import { resource } from '../components/resource.ts'
import { tool } from '../components/tool.ts'
import type { Change } from '../engine/application.ts'
import { AwayError } from './away.ts'
import { combine } from './combine.ts'
import { createLocalProvider, type LocalProvider } from './local.ts'
import type { Provider, View } from './provider.ts'

const anyone: View = { auth: undefined, sessionId: undefined }
const named = (name: string, description = 'x') => tool(name, { description }, () => name)

function localWith(...names: string[]): LocalProvider {
  const local = createLocalProvider()
  for (const name of names) local.add(named(name))
  return local
}

/** The same provider, but every answer comes by promise. */
function later(source: Provider): Provider {
  return {
    list: async (kind, view) => source.list(kind, view),
    find: async (kind, id, view) => source.find(kind, id, view),
    onChange: (listener) => source.onChange(listener),
  }
}

const idsOf = (list: unknown): string[] => (list as { id: string }[]).map(({ id }) => id)

describe('combined providers', () => {
  it('list everything in order; where two have the same the first wins', () => {
    const [one, two] = [localWith('a', 'b'), localWith('b', 'c')]
    const both = combine([one, two])
    expect(idsOf(both.list('tool', anyone))).toEqual(['a', 'b', 'c'])
    expect(both.find('tool', 'b', anyone)).toBe(one.find('tool', 'b'))
    expect(both.find('tool', 'c', anyone)).toBe(two.find('tool', 'c'))
    expect(both.find('tool', 'd', anyone)).toBeUndefined()
  })

  it('list the same array as long as every part does', () => {
    const [one, two] = [localWith('a'), localWith('b')]
    const both = combine([one, two])
    const before = both.list('tool', anyone)
    expect(Object.isFrozen(before)).toBe(true)
    expect(both.list('tool', anyone)).toBe(before)
    two.add(resource('x://y', {}, () => ''))
    expect(both.list('tool', anyone)).toBe(before)
    two.add(named('c'))
    expect(idsOf(both.list('tool', anyone))).toEqual(['a', 'b', 'c'])
  })

  it('list the array of a part itself where no other has any', () => {
    const [one, two, three] = [createLocalProvider(), localWith('a'), createLocalProvider()]
    expect(combine([one, two, three]).list('tool', anyone)).toBe(two.list('tool'))
  })

  it('keep apart callers who see different lists', () => {
    const [admin, guest] = [localWith('a', 'secret'), localWith('a')]
    const picky: Provider = {
      list: (kind, view) => (view.auth ? admin : guest).list(kind),
      find: (kind, id, view) => (view.auth ? admin : guest).find(kind, id),
      onChange: () => () => undefined,
    }
    const both = combine([picky, localWith('z')])
    const root: View = { auth: { subject: 'root' }, sessionId: undefined }
    const [hers, his] = [both.list('tool', root), both.list('tool', anyone)]
    expect(idsOf(hers)).toEqual(['a', 'secret', 'z'])
    expect(idsOf(his)).toEqual(['a', 'z'])
    expect(both.list('tool', root)).toBe(hers)
    expect(both.list('tool', anyone)).toBe(his)
    expect(both.find('tool', 'secret', anyone)).toBeUndefined()
  })

  it('answer by promise where a part does', async () => {
    const both = combine([localWith('a'), later(localWith('b')), localWith('c')])
    const list = both.list('tool', anyone)
    expect(list).toBeInstanceOf(Promise)
    expect(idsOf(await list)).toEqual(['a', 'b', 'c'])
    expect(await both.list('tool', anyone)).toBe(await list)
    expect(both.find('tool', 'a', anyone)).not.toBeInstanceOf(Promise)
    expect(idsOf([await both.find('tool', 'b', anyone)])).toEqual(['b'])
    expect(idsOf([await both.find('tool', 'c', anyone)])).toEqual(['c'])
    expect(await both.find('tool', 'd', anyone)).toBeUndefined()
  })

  it('find templates of any part by URI and by themselves', () => {
    const [one, two] = [createLocalProvider(), createLocalProvider()]
    const wide = resource('x://{path*}', {}, () => '')
    const narrow = resource('x://a/{id}', {}, () => '')
    one.add(wide)
    two.add(narrow)
    const both = combine([one, two])
    expect(both.find('template', 'x://a/1', anyone)).toBe(wide)
    expect(both.find('template', 'x://a/{id}', anyone)).toBe(narrow)
  })

  it('tell of the changes of every part', () => {
    const [one, two] = [localWith('a'), localWith('b')]
    const heard: Change[] = []
    const stop = combine([one, two]).onChange((change) => void heard.push(change))
    one.add(named('c'))
    two.remove('tool', 'b')
    expect(heard).toEqual([{ kind: 'tool' }, { kind: 'tool' }])
    stop()
    one.add(named('d'))
    expect(heard).toHaveLength(2)
  })

  it('show what the others have where one is away, and say so where nothing is left', async () => {
    const away: Provider = {
      list: () => Promise.reject(new AwayError('away')),
      find: () => Promise.reject(new AwayError('away')),
      onChange: () => () => undefined,
    }
    const both = combine([away, localWith('a')])
    expect((await both.list('tool', anyone)).map(({ id }) => id)).toEqual(['a'])
    expect(await both.list('tool', anyone)).toBe(await both.list('tool', anyone))
    expect((await both.find('tool', 'a', anyone))?.id).toBe('a')
    await expect(both.find('tool', 'b', anyone)).rejects.toThrow('away')
    await expect(both.list('prompt', anyone)).rejects.toThrow('away')
    const broken: Provider = { ...away, list: () => Promise.reject(new Error('broken')) }
    await expect(combine([broken, localWith('a')]).list('tool', anyone)).rejects.toThrow('broken')
  })

  it('of one is that one, and of none is empty', () => {
    const one = localWith('a')
    expect(combine([one])).toBe(one)
    const none = combine([])
    expect(none.list('tool', anyone)).toEqual([])
    expect(none.list('tool', anyone)).toBe(none.list('tool', anyone))
    expect(none.find('tool', 'a', anyone)).toBeUndefined()
  })
})
