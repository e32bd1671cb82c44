import { execFileSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'

/** Makes `dist` for the tests that run the package as its users do. */
export default function build(): void {
  const script = fileURLToPath(new URL('../scripts/build.mjs', import.meta.url))
  try {
    execFileSync(process.execPath, [script, '--if-needed'], { stdio: 'inherit' })
  } catch (problem) {
    // At work on something that does not compile yet, tests of everything else still tell something.
    if (process.env.CI) throw problem
    console.error('The build failed: what needs it is tested with the last one.')
  }
}
