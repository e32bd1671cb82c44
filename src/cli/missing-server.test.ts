import { describe, expect, it } from 'vitest'
import { FastMCP } from '../index.ts'
import type { Exports } from './find-server.ts'
import { missingServer, notFromFactory } from './missing-server.ts'

function told(exports: Exports, { source = '', name }: { source?: string; name?: string } = {}): string {
  const { message, next, exitCode } = missingServer({ file: 'server.ts', exports, source }, name)
  expect(exitCode).toBe(1)
  return `${message}\n${next}`
}

const server = (name = 'a') => new FastMCP({ name, version: '1.0.0' })

describe('a server wrapped in a function', () => {
  it('is diagnosed, with the two lines that mend it', () => {
    const createServer = (name: string) => server(name)
    expect(told({ createServer })).toBe(`server.ts exports no server: createServer is a function
The server must be exported at module level, so that it is there as soon as the file is loaded.
Keep the function and export what it makes:

  export function createServer(…) { … }
  export const mcp = createServer(…)`)
  })

  it('is waited for when the function is async', () => {
    const createServer = async (name: string) => server(name)
    expect(told({ createServer })).toContain(`
  export async function createServer(…) { … }
  export const mcp = await createServer(…)`)
  })

  it('is moved out when the function also runs it', () => {
    async function main(): Promise<void> {
      const mcp = new FastMCP({ name: 'a', version: '1.0.0' })
      await mcp.run()
    }
    expect(told({ main })).toBe(`server.ts exports no server: main is a function
The server must be exported at module level, so that it is there as soon as the file is loaded.
Move it out of the function:

  export const mcp = new FastMCP({ … })
  await mcp.run()`)
  })

  it('is seen in the text when the function is not exported', () => {
    const maker = 'function createServer() {\n  const mcp = new FastMCP({ name })\n  return mcp\n}\n'
    expect(told({}, { source: maker })).toContain(`server.ts exports no server: createServer is a function
The server must be exported at module level, so that it is there as soon as the file is loaded.
Keep the function and export what it makes:

  function createServer() { … }
  export const mcp = createServer()`)
    const main = 'const main = async () => {\n  const mcp = new FastMCP({ name })\n  await mcp.run()\n}\nmain()\n'
    expect(told({}, { source: main })).toContain('main is a function')
    expect(told({}, { source: main })).toContain('Move it out of the function:')
  })

  it('is missing when the factory that was called gives something else', () => {
    const { message, next, exitCode } = notFromFactory('server.ts', 'createServer', undefined)
    expect(exitCode).toBe(1)
    expect(message).toBe('server.ts exports no server: createServer() returned undefined')
    expect(next).toBe(`The server must be exported at module level, so that it is there as soon as the file is loaded.
Return it from the function, and export it:

  export function createServer() { …; return mcp }
  export const mcp = createServer()`)
    expect(notFromFactory('server.ts', 'default', []).message).toBe(
      'server.ts exports no server: the default export returned an array',
    )
  })

  it('is a choice between several factories', () => {
    expect(told({ createA: () => server(), createB: () => server() })).toContain(
      `server.ts exports no server, but 2 functions that may make one: createA, createB
Name one, as in server.ts:createA.`,
    )
  })
})

describe('a server held by a class', () => {
  it('is diagnosed for the object and for the class', () => {
    const fix = 'The server must be exported at module level, so that it is there as soon as the file is loaded.'
    expect(told({ weather: { mcp: server() } })).toBe(`server.ts exports no server: weather is an object that holds one
${fix}
Export it beside weather:

  export const weather = …
  export const mcp = weather.mcp`)
    const source = 'export class Weather {\n  readonly #x = 1\n  private readonly server = new FastMCP({ name })\n}'
    expect(
      told({ Weather: class Weather {} }, { source }),
    ).toBe(`server.ts exports no server: Weather is a class that holds one
${fix}
Export it beside Weather:

  class Weather { server = new FastMCP({ … }) }
  export const mcp = new Weather().server`)
  })
})

describe('no server', () => {
  it('may have another name', () => {
    expect(told({ weather: server() })).toBe(
      'server.ts exports no mcp, server, app or default\nweather is a server. Name it as server.ts:weather, or export it as mcp.',
    )
    expect(told({ a: server(), b: server() })).toContain('These are servers: a, b. Name it as server.ts:a')
  })

  it('may be there but not exported', () => {
    expect(told({}, { source: "const weather: FastMCP = new FastMCP({ name: 'x' }).tool('a', {}, () => 1)" })).toBe(
      'server.ts does not export its server weather\nExport it:\n\n  const weather = new FastMCP({ … })\n  export { weather as mcp }',
    )
    expect(told({}, { source: 'const mcp = new FastMCP({})' })).toContain('export { mcp }')
  })

  it('may not be there at all', () => {
    const fix =
      "Export one:\n\n  import { FastMCP } from '@fastmcp/ts'\n  export const mcp = new FastMCP({ name: 'mine', version: '1.0.0' })"
    expect(told({})).toBe(`server.ts exports no server\nIt exports nothing. ${fix}`)
    expect(told({ a: 1, 'module.exports': {} })).toBe(
      `server.ts exports no server\nIt exports a, but no server. ${fix}`,
    )
  })
})

describe('a named export', () => {
  it('is not there: what is, and what was meant', () => {
    expect(told({ mcp: server(), add: 1 }, { name: 'mpc' })).toBe(
      'server.ts has no export "mpc"\nIt exports mcp, add. Did you mean server.ts:mcp?',
    )
    expect(told({}, { name: 'mcp' })).toBe('server.ts has no export "mcp"\nIt exports nothing.')
  })

  it('is no server', () => {
    expect(told({ config: {} }, { name: 'config' })).toBe(
      'config of server.ts is an object, not a server\nIt exports config.',
    )
    expect(told({ add: (a: number) => a }, { name: 'add' })).toContain('add of server.ts is a function, not a server')
    expect(told({ createServer: (a: string) => server(a) }, { name: 'createServer' })).toContain(
      'createServer is a function',
    )
  })
})
