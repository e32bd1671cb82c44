import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import { connect } from '@fastmcp/ts/client'
import { expect } from 'vitest'

/** The test of a program that is `server.js` in a folder. */
export async function testProgram(cwd: string): Promise<void> {
  // #region program
  const server = spawn(process.execPath, ['server.js', '--transport', 'http', '--port', '0'], { cwd })
  let url = ''
  for await (const line of createInterface({ input: server.stderr })) {
    url = /serving on (\S+)$/.exec(line)?.[1] ?? ''
    if (url !== '') break
  }
  expect((await fetch(new URL('/health', url))).status).toBe(200)

  await using client = await connect(url)
  expect((await client.callTool('order', { item: 'tea' })).data).toBe('Ordered: tea')
  await client.close()

  server.kill('SIGTERM')
  expect(await once(server, 'exit')).toEqual([0, null])
  // #endregion
}
