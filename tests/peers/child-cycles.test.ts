import { execFile } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { expect, it } from 'vitest'

it.runIf(process.platform === 'linux')(
  'connecting and closing over and over leaves no process, zombie, descriptor or listener behind',
  async () => {
    const file = fileURLToPath(new URL('../fixtures/child-cycles.mjs', import.meta.url))
    const { stdout } = await promisify(execFile)(process.execPath, [file, '24', '4'])
    const { before, after } = JSON.parse(stdout)
    expect(after).toMatchObject({ children: 0, zombies: 0 })
    expect(after.descriptors).toBeLessThanOrEqual(before.descriptors)
    expect(after.listeners).toBeLessThanOrEqual(before.listeners)
  },
)
