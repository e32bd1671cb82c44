import { execFileSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'

/** Makes `dist` for the tests that run the package as its users do. */
export default function build(): void {
  const script = fileURLToPath(new URL('../scripts/build.mjs', import.meta.url))
  execFileSync(process.execPath, [script, '--if-needed'], { stdio: 'inherit' })
}
