import { describeEras } from '@fastmcp/ts/testing/vitest'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { createServer } from '../../examples/patterns/d1-environment-configuration.ts'

/** What the server wrote about calls, at each of its levels. */
let levels: string[] = []
beforeEach(() => {
  levels = []
  vi.spyOn(console, 'error').mockImplementation((line: string) => {
    if (line.startsWith('{')) levels.push(JSON.parse(line).level)
  })
})
afterEach(() => void vi.restoreAllMocks())

describeEras('D1: settings by environment', (open) => {
  it.each([
    ['development', { LOG_LEVEL: 'info', CACHE_TTL: 1_000, DEBUG: true }, ['info', 'warning']],
    ['staging', { LOG_LEVEL: 'info', CACHE_TTL: 60_000, DEBUG: false }, ['info', 'warning']],
    ['production', { LOG_LEVEL: 'error', CACHE_TTL: 300_000, DEBUG: false }, []],
  ])('%s', async (APP_ENV, settings, logged) => {
    const client = await open(() => createServer({ APP_ENV }))
    const read = async (): Promise<{ readAt: number }> =>
      JSON.parse((await client.readResource('config://app')).text ?? '')
    const { readAt, ...shown } = await read()
    expect(shown).toEqual(settings)
    expect(await read()).toMatchObject({ readAt })
    const tools = await client.tools()
    expect(tools.map(({ name }) => name)).toEqual(settings.DEBUG ? ['memory'] : [])
    await client.callTool('nothing').catch(() => undefined)
    expect([...new Set(levels)]).toEqual(logged)
  })

  it('a variable wins', async () => {
    const client = await open(() => createServer({ NODE_ENV: 'production', CACHE_TTL: '5000', DEBUG: 'true' }))
    const { text = '' } = await client.readResource('config://app')
    expect(JSON.parse(text)).toMatchObject({ LOG_LEVEL: 'error', CACHE_TTL: 5_000, DEBUG: true })
  })
})

describe('D1: an environment that is not complete', () => {
  it('makes no server', () => {
    expect(() => createServer({ APP_ENV: 'production', CACHE_TTL: '-1', LOG_LEVEL: 'loud' })).toThrow(
      'The environment (production) does not hold what this program needs:\n' +
        '  LOG_LEVEL must be "info", "warning" or "error"\n' +
        '  CACHE_TTL must be more than 0',
    )
    expect(() => createServer({ APP_ENV: 'prod' })).toThrow(
      'APP_ENV must be one of development, staging, production, test',
    )
  })
})
