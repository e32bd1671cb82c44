import { execFile } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { expect, it } from 'vitest'

it("describeEras works under Node's own test runner", async () => {
  const file = fileURLToPath(new URL('../fixtures/node-runner.mjs', import.meta.url))
  const { NODE_TEST_CONTEXT: _, ...env } = process.env
  const { stdout } = await promisify(execFile)(process.execPath, ['--test', '--test-reporter=tap', file], { env })
  expect(stdout).toMatch(/^# pass 8$/m)
  expect(stdout).toMatch(/^# fail 0$/m)
})
