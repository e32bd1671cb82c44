import { describe, expect, it } from 'vitest'
import { prompt } from '../components/prompt.ts'
import { resource } from '../components/resource.ts'
import { tool } from '../components/tool.ts'
import type { Change } from '../engine/application.ts'
import { DefinitionError } from '../protocol/errors.ts'
import { createLocalProvider } from './local.ts'

const named = (name: string, description = 'x') => tool(name, { description }, () => name)

describe('a local provider', () => {
  it('lists what was added, in order, and finds it', () => {
    const local = createLocalProvider()
    const [b, a] = [named('b'), named('a')]
    local.add(b)
    local.add(a)
    local.add(prompt('a', {}, () => ''))
    expect(local.list('tool')).toEqual([b, a])
    expect(local.find('tool', 'a')).toBe(a)
    expect(local.find('prompt', 'a')?.kind).toBe('prompt')
    expect(local.find('tool', 'c')).toBeUndefined()
    expect(local.find('resource', 'a')).toBeUndefined()
  })

  it('gives the same frozen array until something of the kind changes', () => {
    const local = createLocalProvider()
    local.add(named('a'))
    const tools = local.list('tool')
    const prompts = local.list('prompt')
    expect(Object.isFrozen(tools)).toBe(true)
    expect(local.list('tool')).toBe(tools)
    local.add(named('b'))
    expect(local.list('tool')).not.toBe(tools)
    expect(local.list('prompt')).toBe(prompts)
    expect(tools).toHaveLength(1)
  })

  it('takes components out', () => {
    const local = createLocalProvider()
    local.add(named('a'))
    expect(local.remove('tool', 'a')).toBe(true)
    expect(local.remove('tool', 'a')).toBe(false)
    expect(local.list('tool')).toEqual([])
    expect(local.find('tool', 'a')).toBeUndefined()
  })

  it('finds a template by itself or by a URI, the first registered first', () => {
    const local = createLocalProvider()
    const one = resource('users://{id}', {}, () => '')
    const all = resource('users://{path*}', {}, () => '')
    const fixed = resource('users://me', {}, () => '')
    for (const made of [one, all, fixed]) local.add(made)
    expect(local.find('template', 'users://7')).toBe(one)
    expect(local.find('template', 'users://7/8')).toBe(all)
    expect(local.find('template', 'users://{path*}')).toBe(all)
    expect(local.find('template', 'other://7')).toBeUndefined()
    expect(local.find('resource', 'users://me')).toBe(fixed)
    expect(local.find('resource', 'users://7')).toBeUndefined()
  })

  it('tells of every change, until it is told to stop', () => {
    const local = createLocalProvider({ onDuplicate: 'ignore' })
    const heard: Change[] = []
    const stop = local.onChange((change) => void heard.push(change))
    local.add(named('a'))
    local.add(named('a'))
    local.remove('tool', 'b')
    local.remove('tool', 'a')
    local.add(prompt('p', {}, () => ''))
    expect(heard).toEqual([{ kind: 'tool' }, { kind: 'tool' }, { kind: 'prompt' }])
    stop()
    stop()
    local.add(named('c'))
    expect(heard).toHaveLength(3)
  })

  it.each(['__proto__', 'constructor', 'toString', 'hasOwnProperty'])(
    'FR-16: %s is known only when it was added',
    (name) => {
      const local = createLocalProvider()
      expect(local.find('tool', name)).toBeUndefined()
      expect(local.remove('tool', name)).toBe(false)
      local.add(named(name))
      expect(local.find('tool', name)?.id).toBe(name)
      expect(local.list('tool')).toHaveLength(1)
    },
  )
})

describe('a second component of the same id', () => {
  it('is refused with its name and the fix, and the first stays', () => {
    const local = createLocalProvider()
    const first = named('a')
    local.add(first)
    expect(() => local.add(named('a'))).toThrow(DefinitionError)
    expect(() => local.add(named('a'))).toThrow('tool "a": there is already a tool of this name; rename one')
    expect(local.list('tool')).toEqual([first])
    local.add(resource('x://{a}', {}, () => ''))
    expect(() => local.add(resource('x://{a}', {}, () => ''))).toThrow(
      'template "x://{a}": there is already a template of this URI',
    )
  })

  it('takes the place of the first with replace, in its order', () => {
    const local = createLocalProvider({ onDuplicate: 'replace' })
    const second = named('a', 'second')
    for (const made of [named('a'), named('b'), second]) local.add(made)
    expect(local.list('tool').map(({ id }) => id)).toEqual(['a', 'b'])
    expect(local.find('tool', 'a')).toBe(second)
  })

  it('changes nothing with ignore', () => {
    const local = createLocalProvider({ onDuplicate: 'ignore' })
    const first = named('a')
    for (const made of [first, named('a', 'second')]) local.add(made)
    expect(local.list('tool')).toEqual([first])
  })

  it('is another one where letters differ in case or form', () => {
    const local = createLocalProvider()
    for (const uri of ['x://é', 'x://e\u0301', 'x://É']) local.add(resource(uri, {}, () => ''))
    for (const name of ['a', 'A']) local.add(named(name))
    expect(local.list('resource')).toHaveLength(3)
    expect(local.list('tool')).toHaveLength(2)
  })
})
