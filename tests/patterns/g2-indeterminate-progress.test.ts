import type { Progress } from '@fastmcp/ts/client'
import { describeEras } from '@fastmcp/ts/testing/vitest'
import { describe, expect, it } from 'vitest'
import { mcp as crawler } from '../../examples/patterns/g2-indeterminate-progress.ts'
import { callExample } from './call-example.ts'

describeEras('G2: work without a known end', (open) => {
  it('tells what it does, and no total', async () => {
    const seen: Progress[] = []
    const { data } = await (await open(crawler)).callTool('crawl', {}, { onProgress: (told) => seen.push(told) })
    expect(data).toEqual(['/', '/a', '/b', '/c'])
    expect(seen).toEqual([
      { progress: 1, message: 'Reading /' },
      { progress: 3, message: 'Reading /a' },
      { progress: 4, message: 'Reading /b' },
    ])
  })
})

describe.each(['stateless', 'stateful'])('G2 in the command line, %s', (era) => {
  const line = ['g2-indeterminate-progress.ts', 'crawl', '--era', era] as const

  it('is a spinner on a terminal, which is gone in the end', async () => {
    const { code, stdout, stderr } = await callExample(line, { terminal: true })
    expect([code, JSON.parse(stdout)]).toEqual([0, ['/', '/a', '/b', '/c']])
    const shown = stderr.split('\r\u001b[K')
    const told = shown.flatMap((text) => /^[|/\\-] (.+)$/.exec(text)?.[1] ?? [])
    expect([...new Set(told)]).toEqual(['1 Reading /', '3 Reading /a', '4 Reading /b'])
    expect(shown.at(-1)).toBe('')
  })

  it('is a line for each report elsewhere', async () => {
    const { stderr } = await callExample(line)
    expect(stderr).toBe('1 Reading /\n3 Reading /a\n4 Reading /b\n')
  })
})
