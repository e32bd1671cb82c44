// `npm start`: builds if needed and serves the quickstart over HTTP until Ctrl-C.
import { spawnSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'

const at = (path) => fileURLToPath(new URL(`../${path}`, import.meta.url))

const { status } = spawnSync(process.execPath, [at('scripts/build.mjs'), '--if-needed'], { stdio: 'inherit' })
if (status !== 0) process.exit(status ?? 1)

process.argv.splice(2, 0, 'run', at('examples/quickstart.ts'), '--transport', 'http')
await import('../dist/cli/main.js')
