import { describeEras } from '@fastmcp/ts/testing/vitest'
import { describe, expect, it } from 'vitest'
import { createServer } from '../../examples/patterns/s2-factory-function.ts'
import { fastmcp, installed, project } from '../cli/sandbox.ts'

describeEras('S2: a factory', (open) => {
  it.each([
    ['0', ['status']],
    ['1', ['status', 'reset']],
  ])('registers by its environment: ADMIN=%s', async (ADMIN, names) => {
    const client = await open(() => createServer({ ADMIN }))
    expect((await client.tools()).map(({ name }) => name)).toEqual(names)
    for (const name of names) expect((await client.callTool(name)).isError).toBe(false)
  })
})

describe('S2: a factory, as the command line runs it', () => {
  const factory = `import { FastMCP } from '@fastmcp/ts'
    export function createServer(): FastMCP {
      const mcp = new FastMCP({ name: 'made', version: '1.0.0' })
      mcp.tool('status', { description: 'Answers' }, () => 'fine')
      if (process.env.ADMIN === '1') mcp.tool('reset', { description: 'Resets' }, () => 'done')
      return mcp
    }`
  const cwd = project({ 'factory.ts': factory })

  it('is called when it is the only candidate', async () => {
    const { code, stdout } = await fastmcp(['call', 'factory.ts', 'status'], { cwd }).ended
    expect({ code, stdout }).toEqual({ code: 0, stdout: 'fine\n' })
  })

  it.each([
    ['without an export of what it makes', 'factory.ts', cwd],
    ['with one, as in the example', 'examples/patterns/s2-factory-function.ts', installed],
  ])('registers by its environment, %s', async (_, file, cwd) => {
    const names = async (env: Record<string, string>): Promise<unknown> => {
      const { stdout } = await fastmcp(['list', file, '--json'], { cwd, env }).ended
      return JSON.parse(stdout).tools.map(({ name }: { name: string }) => name)
    }
    expect(await names({ ADMIN: '0' })).toEqual(['status'])
    expect(await names({ ADMIN: '1' })).toEqual(['status', 'reset'])
  })
})
