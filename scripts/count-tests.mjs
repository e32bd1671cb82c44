// Says what the last test run counted, in the words that .ci/run reads.
import { readFileSync } from 'node:fs'

const { numPassedTests, numFailedTests } = JSON.parse(
  readFileSync(new URL('../.cache/tests.json', import.meta.url), 'utf8'),
)
console.log(`${numPassedTests} passed, ${numFailedTests} failed`)
