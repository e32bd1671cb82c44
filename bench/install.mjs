import { execFileSync } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

const HERE = fileURLToPath(new URL('.', import.meta.url))

/** Installs the peers from the lock file, unless what is installed came from it. */
export function install() {
  if (upToDate()) return
  process.stderr.write('Installing the peers into bench/node_modules\n')
  execFileSync('npm', ['ci', '--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=error'], {
    cwd: HERE,
    stdio: ['ignore', 'ignore', 'inherit'],
    shell: process.platform === 'win32',
  })
}

function upToDate() {
  const mine = `${HERE}node_modules/.package-lock.json`
  if (!existsSync(mine)) return false
  const versions = (file, strip) =>
    Object.entries(JSON.parse(readFileSync(file, 'utf8')).packages)
      .filter(([path, entry]) => path !== '' && !(strip && entry.optional))
      .map(([path, entry]) => `${path}@${entry.version}`)
  const have = new Set(versions(mine, false))
  return versions(`${HERE}package-lock.json`, true).every((one) => have.has(one))
}
