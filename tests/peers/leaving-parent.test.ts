import { execFile } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { expect, it } from 'vitest'

it.runIf(process.platform === 'linux')('a server does not outlive a client that exits without closing', async () => {
  const file = fileURLToPath(new URL('../fixtures/leaving-parent.mjs', import.meta.url))
  const { stdout } = await promisify(execFile)(process.execPath, [file])
  const pid = Number(stdout)
  expect(pid).toBeGreaterThan(0)
  await expect.poll(() => isRunning(pid)).toBe(false)
})

/** Whether a process runs; one that waits to be buried does not. */
function isRunning(pid: number): boolean {
  try {
    return !/^\d+ \(.*\) Z/.test(readFileSync(`/proc/${pid}/stat`, 'utf8'))
  } catch {
    return false
  }
}
