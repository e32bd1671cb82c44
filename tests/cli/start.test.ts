import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { clone, Program, toolsAt } from './sandbox.ts'

it('npm start builds a fresh clone, serves the quickstart, and stops on Ctrl-C', async () => {
  const cwd = clone()
  // npm itself hands Ctrl-C on through the terminal, which a test has not, so its command is run here.
  const [node, ...args] = JSON.parse(readFileSync(join(cwd, 'package.json'), 'utf8')).scripts.start.split(' ')
  expect(node).toBe('node')
  const program = new Program(args, { cwd, env: { PORT: '0' } })
  const [, url = ''] = await program.says(/^quickstart serving on (http:\/\/127\.0\.0\.1:\d+\/mcp)$/m)
  await program.says(/curl -s \S+ -H 'Content-Type: application\/json' -d '.*tools\/list.*'/)
  await program.says(/mcpServers/)
  expect(await toolsAt(url)).toEqual(['add', 'greet'])
  program.signal('SIGINT')
  expect(await program.ended).toMatchObject({ code: 0, stdout: '' })
}, 60_000)
