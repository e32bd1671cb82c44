// Every check that is no test. Runs all of them, says which failed, ends with a count.
import { spawnSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'

const root = fileURLToPath(new URL('..', import.meta.url))

const CHECKS = [
  ['types', ['tsc', '--noEmit']],
  ['types of the package', ['tsc', '-p', 'tsconfig.build.json', '--noEmit']],
  ['types of the examples, for the plainest strict settings', ['tsc', '-p', 'examples/tsconfig.plain.json']],
  ['format and lint', ['biome', 'ci', '--colors=off', '.']],
  ['build', ['node', 'scripts/build.mjs']],
  ['exports (publint)', ['publint', '--strict']],
  ['exports (attw)', ['attw', '--pack', '.', '--profile', 'esm-only', '--quiet']],
]

let failed = 0
for (const [name, [command, ...args]] of CHECKS) {
  const words = command === 'node' ? [process.execPath, ...args] : ['npx', '--no-install', command, ...args]
  const { status, stdout, stderr } = spawnSync(words[0], words.slice(1), { cwd: root, encoding: 'utf8' })
  console.log(`${status === 0 ? 'ok  ' : 'FAIL'} ${name}`)
  if (status !== 0) {
    failed++
    console.log(`${stdout}${stderr}`.trimEnd())
  }
}
console.log(`checks: ${CHECKS.length - failed} passed, ${failed} failed`)
process.exitCode = failed === 0 ? 0 : 1
