import { describe, expect, it } from 'vitest'
import { FastMCP } from '../index.ts'
import { factories, findServer, isServer } from './find-server.ts'

const server = (name = 'a') => new FastMCP({ name, version: '1.0.0' })
/** A server of another copy of the library: the same brand, another class. */
const foreign = { [Symbol.for('fastmcp.server')]: true }

describe('the server of a file', () => {
  it('is mcp, then server, then app, then the default export', () => {
    const [mcp, other, app, standard] = [server(), server(), server(), server()]
    expect(findServer({ app, default: standard, server: other, mcp })).toEqual({ kind: 'server', server: mcp })
    expect(findServer({ app, default: standard, server: other })).toEqual({ kind: 'server', server: other })
    expect(findServer({ app, default: standard })).toEqual({ kind: 'server', server: app })
    expect(findServer({ default: standard, mcp: 'no server' })).toEqual({ kind: 'server', server: standard })
  })

  it('is the one that is named, and no other', () => {
    const [mcp, weather] = [server(), server()]
    expect(findServer({ mcp, weather }, 'weather')).toEqual({ kind: 'server', server: weather })
    expect(findServer({ mcp }, 'weather')).toEqual({ kind: 'nothing' })
    expect(findServer({ mcp }, 'toString')).toEqual({ kind: 'nothing' })
  })

  it('is known by its brand, whichever copy of the library made it', () => {
    expect(isServer(server())).toBe(true)
    expect(isServer(foreign)).toBe(true)
    for (const value of [{}, null, undefined, 'x', () => foreign, { 'fastmcp.server': true }])
      expect(isServer(value)).toBe(false)
  })
})

describe('a factory', () => {
  const make = () => server()

  it('is found when it is the only one and takes no arguments', () => {
    for (const name of ['createServer', 'makeApp', 'build', 'default']) {
      expect(findServer({ [name]: make, other: 1 })).toMatchObject({ kind: 'factory', name })
    }
    expect(findServer({ createServer: make, default: make })).toMatchObject({ kind: 'factory', name: 'createServer' })
    expect(findServer({ default: make, createServer: make })).toMatchObject({ kind: 'factory' })
  })

  it('is never anything else', () => {
    const withArguments = (name: string) => server(name)
    class Create {}
    expect(findServer({ createServer: withArguments })).toEqual({ kind: 'nothing' })
    expect(findServer({ getServer: make, start: make, run: make })).toEqual({ kind: 'nothing' })
    expect(findServer({ createThing: Create })).toEqual({ kind: 'nothing' })
    expect(findServer({ start: make }, 'start')).toEqual({ kind: 'nothing' })
  })

  it('is not chosen among several, unless it is named', () => {
    const exports = { createA: () => server('a'), createB: () => server('b') }
    expect(findServer(exports)).toEqual({ kind: 'nothing' })
    expect(findServer(exports, 'createB')).toMatchObject({ kind: 'factory', name: 'createB' })
    expect(factories(exports).map(({ name }) => name)).toEqual(['createA', 'createB'])
  })

  it('is not called while it is looked for', () => {
    const calls: string[] = []
    findServer({ createServer: () => calls.push('called'), mcp: undefined })
    expect(calls).toEqual([])
  })
})
