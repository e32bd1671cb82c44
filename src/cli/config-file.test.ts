import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, it } from 'vitest'
import { readConfig } from './config-file.ts'

const folder = mkdtempSync(join(tmpdir(), 'fastmcp-config-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

function read(config: unknown, name?: string) {
  const file = join(folder, 'mcp.json')
  writeFileSync(file, typeof config === 'string' ? config : JSON.stringify(config))
  return readConfig(file, name)
}

it('gives the only server of a file, or the named one', async () => {
  const a = { command: 'node', args: ['a.js'], env: { KEY: 'x' }, cwd: '/tmp', disabled: false }
  const b = { type: 'http', url: 'http://127.0.0.1/mcp', headers: { authorization: 'x' } }
  await expect(read({ mcpServers: { a } })).resolves.toEqual({
    mcpServers: { a: { command: 'node', args: ['a.js'], env: { KEY: 'x' }, cwd: '/tmp' } },
  })
  await expect(read({ servers: { a, b } }, 'b')).resolves.toEqual({
    mcpServers: { b: { url: 'http://127.0.0.1/mcp', headers: { authorization: 'x' } } },
  })
})

it('says what is wrong with a file', async () => {
  const server = { command: 'node' }
  await expect(read({ mcpServers: { one: server, two: server } })).rejects.toMatchObject({
    message: expect.stringContaining('names 2 servers'),
    next: expect.stringContaining('It names one, two. Choose one, as in'),
  })
  await expect(read({ mcpServers: { weather: server } }, 'wether')).rejects.toMatchObject({
    next: 'Did you mean weather?',
  })
  await expect(read('{')).rejects.toThrow('is not JSON')
  for (const config of ['[]', '{}', 'null', { mcpServers: {} }])
    await expect(read(config)).rejects.toThrow('names no server')
  await expect(read({ mcpServers: { a: {} } })).rejects.toThrow('a has neither a command nor a url')
  await expect(read({ mcpServers: { a: { command: 'x', args: 'y' } } })).rejects.toThrow('args must be a list of texts')
  await expect(read({ mcpServers: { a: { url: 'x', headers: { a: 1 } } } })).rejects.toThrow(
    'headers must be an object of texts',
  )
  await expect(readConfig(join(folder, 'mpc.json'), undefined)).rejects.toMatchObject({
    next: expect.stringContaining('mcp.json?'),
  })
})
