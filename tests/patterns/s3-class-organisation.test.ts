import { describeEras } from '@fastmcp/ts/testing/vitest'
import { describe, expect, it } from 'vitest'
import { WeatherStation } from '../../examples/patterns/s3-class-organisation.ts'
import { fastmcp, installed } from '../cli/sandbox.ts'

describeEras('S3: a class', (open) => {
  it('keeps this in its tools and resources', async () => {
    const client = await open(() => new WeatherStation().mcp)
    expect((await client.callTool('latest')).data).toBe(21)
    expect((await client.callTool('record', { degrees: 17.5 })).data).toBe('Recorded 17.5')
    expect((await client.callTool('latest')).data).toBe(17.5)
    expect((await client.readResource('station://readings')).json()).toEqual([21, 17.5])
  })

  it('shares nothing with another of its kind', async () => {
    const one = await open(() => new WeatherStation().mcp)
    await one.callTool('record', { degrees: 1 })
    const other = await open(() => new WeatherStation().mcp)
    expect((await other.callTool('latest')).data).toBe(21)
  })
})

describe('S3: a class, as the command line runs it', () => {
  const run = (...args: string[]) =>
    fastmcp(['call', 'examples/patterns/s3-class-organisation.ts', ...args], { cwd: installed }).ended

  it('keeps this in its tools and resources', async () => {
    expect(await run('latest')).toMatchObject({ code: 0, stdout: '21\n' })
    expect(await run('station://readings')).toMatchObject({ code: 0, stdout: '[21]\n' })
  })
})
