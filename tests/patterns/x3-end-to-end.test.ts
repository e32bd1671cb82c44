import { readFileSync } from 'node:fs'
import { connect } from '@fastmcp/ts/client'
import { describe, expect, it } from 'vitest'
import { testProgram } from '../../examples/guide/end-to-end.ts'
import { fastmcp, Program, project, toolsAt } from '../cli/sandbox.ts'

// It has no types to strip, so that it runs on every Node.
const source = readFileSync(new URL('../../examples/patterns/x3-end-to-end.ts', import.meta.url), 'utf8')
const cwd = project({ 'server.js': source })
const start = () => new Program(['server.js', '--transport', 'http', '--port', '0'], { cwd })

describe('X3: a plain file that runs its server', () => {
  it('answers health and a bare tools/list, and leaves on SIGTERM', async () => {
    const program = start()
    const [, url = ''] = await program.says(/^orders serving on (\S+)$/m)
    const health = await fetch(new URL('/health', url))
    expect(health.status).toBe(200)
    expect(await toolsAt(url)).toEqual(['order'])

    for (const era of ['stateless', 'stateful'] as const) {
      await using client = await connect(url, { era })
      expect((await client.callTool('order', { item: 'tea' })).data).toBe('Ordered: tea')
    }

    program.signal('SIGTERM')
    expect(await program.ended).toEqual({ code: 0, stdout: '', stderr: `orders serving on ${url}\n` })
    await expect(fetch(url)).rejects.toThrow()
  })

  it.each(['stateless', 'stateful'] as const)('serves a client of the %s era that starts it', async (era) => {
    await using client = await connect(
      { command: process.execPath, args: ['server.js'], cwd },
      { era, stderr: 'ignore' },
    )
    expect((await client.callTool('order', { item: 'tea' })).data).toBe('Ordered: tea')
  })

  it('is reached as a command line, too', async () => {
    const call = (...args: string[]) => fastmcp(['call', ...args], { cwd }).ended
    const ordered = { code: 0, stdout: 'Ordered: tea\n' }
    expect(await call('node server.js', 'order', 'item=tea')).toMatchObject(ordered)
    expect(await call('order', 'item=tea', '--', 'node', 'server.js')).toMatchObject(ordered)
  })

  it('is tested as the guide shows', async () => {
    await testProgram(cwd)
  })
})
