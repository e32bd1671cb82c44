import { describe, expect, it } from 'vitest'
import { readRunSettings } from './run-settings.ts'

const nothing = { argv: [], env: {} }
const HTTP = { transport: 'http', host: '127.0.0.1', port: 8000, path: '/mcp' }

describe('readRunSettings', () => {
  it('is stdio when nothing is said', () => {
    expect(readRunSettings({}, nothing)).toEqual({ transport: 'stdio' })
  })

  it('is HTTP on loopback when the transport says so, or a port is named anywhere', () => {
    expect(readRunSettings({ transport: 'http' }, nothing)).toEqual(HTTP)
    expect(readRunSettings({ port: 9000 }, nothing)).toEqual({ ...HTTP, port: 9000 })
    expect(readRunSettings({}, { argv: ['--port=9000'], env: {} })).toEqual({ ...HTTP, port: 9000 })
    expect(readRunSettings({}, { argv: [], env: { PORT: '9000' } })).toEqual({ ...HTTP, port: 9000 })
  })

  it('takes options before flags before the environment', () => {
    const surroundings = {
      argv: ['--transport', 'http', '--port', '2', '--path', '/b'],
      env: { FASTMCP_PORT: '3', FASTMCP_PATH: '/c', FASTMCP_HOST: 'localhost' },
    }
    expect(readRunSettings({ port: 1 }, surroundings)).toEqual({
      transport: 'http',
      host: 'localhost',
      port: 1,
      path: '/b',
    })
  })

  it('lets an explicit stdio win over a PORT of the environment', () => {
    expect(readRunSettings({ transport: 'stdio' }, { argv: [], env: { PORT: '80' } })).toEqual({ transport: 'stdio' })
  })

  it.each([
    [{ port: 70_000 }, 'port'],
    [{ port: Number.NaN }, 'port'],
    [{ transport: 'http', path: 'mcp' }, 'path'],
    [{ transport: 'http', path: '/a?b' }, 'path'],
  ] as const)('names the setting that cannot be: %j', (options, name) => {
    expect(() => readRunSettings(options, nothing)).toThrow(name)
  })

  it('refuses a transport it does not have', () => {
    expect(() => readRunSettings({}, { argv: ['--transport', 'carrier-pigeon'], env: {} })).toThrow('carrier-pigeon')
  })
})
