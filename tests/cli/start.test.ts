import { execPath } from 'node:process'
import { expect, it } from 'vitest'
import { clone, Program, toolsAt } from './sandbox.ts'

it('builds a fresh clone, serves the quickstart, and stops on Ctrl-C', async () => {
  const cwd = clone()
  const npm = process.env.npm_execpath
  const args = npm === undefined ? ['scripts/start.mjs'] : [npm, 'start']
  const program = new Program(args, {
    cwd,
    env: { PORT: '0', PATH: `${execPath.replace(/\/node$/, '')}:${process.env.PATH}` },
  })
  const [, url = ''] = await program.says(/^quickstart serving on (http:\/\/127\.0\.0\.1:\d+\/mcp)$/m)
  await program.says(/curl -s \S+ -H 'Content-Type: application\/json' -d '.*tools\/list.*'/)
  await program.says(/mcpServers/)
  expect(await toolsAt(url)).toEqual(['add', 'greet'])
  program.signal('SIGINT')
  expect((await program.ended).code).toBe(0)
})
