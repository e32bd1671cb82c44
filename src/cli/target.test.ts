import { describe, expect, it } from 'vitest'
import { placeOfRest, readPlace } from './target.ts'

const read = (word: string, files: readonly string[] = []) => readPlace(word, (path) => files.includes(path))

describe('a target', () => {
  it('is a file, with or without the name of an export', () => {
    expect(read('server.ts')).toEqual({ kind: 'file', path: 'server.ts', exportName: undefined })
    expect(read('./src/server.mjs:weather')).toEqual({ kind: 'file', path: './src/server.mjs', exportName: 'weather' })
    expect(read('C:\\work\\server.ts:mcp')).toEqual({ kind: 'file', path: 'C:\\work\\server.ts', exportName: 'mcp' })
  })

  it('is an address', () => {
    expect(read('http://127.0.0.1:8000/mcp')).toEqual({ kind: 'url', url: 'http://127.0.0.1:8000/mcp' })
    expect(() => read('ftp://example.com')).toThrow('ftp://example.com is not an address of an MCP server')
    expect(() => read('http://')).toThrow('not an address')
  })

  it('is a config file, with or without the name of a server', () => {
    expect(read('mcp.json')).toEqual({ kind: 'config', path: 'mcp.json', server: undefined })
    expect(read('mcp.json:my server', ['mcp.json'])).toEqual({ kind: 'config', path: 'mcp.json', server: 'my server' })
  })

  it('is a command line, unless a file has that very name', () => {
    expect(read('node server.js')).toEqual({ kind: 'line', line: 'node server.js' })
    expect(read('my server.ts', ['my server.ts'])).toEqual({
      kind: 'file',
      path: 'my server.ts',
      exportName: undefined,
    })
  })

  it('is the program after --', () => {
    expect(placeOfRest(['node', 'a b.js', '--x'])).toEqual({
      kind: 'command',
      command: 'node',
      args: ['a b.js', '--x'],
    })
    expect(() => placeOfRest([])).toThrow('There is nothing after --')
  })

  it('is told from what it cannot be', () => {
    for (const word of ['server', 'server.py', '.', ''])
      expect(() => read(word)).toThrow(`Cannot tell what "${word}" is`)
  })
})
