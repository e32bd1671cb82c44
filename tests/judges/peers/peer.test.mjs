import assert from 'node:assert/strict'
import { test } from 'node:test'
import { outcomesIn } from './peer.mjs'

const TAP = `TAP version 13
# Subtest: stdio
    # Subtest: it is met
    ok 1 - it is met
      ---
      duration_ms: 3
      ...
    # Subtest: it is left
    not ok 2 - it is left
      ---
      error: 'It stays'
      ...
    1..2
not ok 1 - stdio
# Subtest: alone
ok 2 - alone # SKIP never
1..2
`

test('tests are named with their groups, groups are no tests, and a skip is no pass', () => {
  assert.deepEqual(outcomesIn(TAP), [
    { scenario: 'stdio: it is met', complaints: [] },
    { scenario: 'stdio: it is left', complaints: ['failed', "'It stays'"] },
    { scenario: 'alone', complaints: ['SKIP never'] },
  ])
})

test('a report without tests has no outcomes', () => {
  assert.deepEqual(outcomesIn('TAP version 13\n1..0\n'), [])
})
