import assert from 'node:assert/strict'
import { test } from 'node:test'
import { compare, complaints } from './verdict.mjs'

const check = (status, id = 'answers') => ({ id, status, description: `it ${id}` })

test('successes alone pass', () => {
  assert.deepEqual(complaints([check('SUCCESS'), check('INFO', 'note')]), [])
})

for (const status of ['FAILURE', 'WARNING', 'SKIPPED']) {
  test(`one ${status} among successes does not pass`, () => {
    assert.deepEqual(complaints([check('SUCCESS'), check(status, 'listens')]), [`${status} listens: it listens`])
  })
}

test('a scenario that left no checks has crashed', () => {
  assert.match(complaints(undefined)[0], /crashed/)
})

test('a scenario that checked nothing is empty, even when the wire was valid', () => {
  assert.match(complaints([])[0], /empty/)
  assert.match(complaints([check('SUCCESS', 'wire-schema-valid')])[0], /empty/)
})

test('a skip passes where nothing but skipping is possible', () => {
  assert.deepEqual(complaints([check('SKIPPED')], { maySkip: true }), [])
})

test('where only some skips are free, the others are not, nor is asserting nothing', () => {
  assert.deepEqual(complaints([check('SUCCESS'), check('SKIPPED', 'greets')], { maySkip: /greets/ }), [])
  assert.deepEqual(complaints([check('SUCCESS'), check('SKIPPED', 'parts')], { maySkip: /greets/ }), [
    'SKIPPED parts: it parts',
  ])
  assert.match(complaints([check('SKIPPED', 'greets')], { maySkip: /greets/ })[0], /empty/)
})

test('an expected failure counts neither as passed nor as failed, an unexpected one as failed', () => {
  const outcomes = [
    { scenario: 'ping', complaints: [] },
    { scenario: 'tasks', complaints: ['FAILURE'] },
    { scenario: 'tools', complaints: ['FAILURE'] },
  ]
  const { passed, failed, awaited, stale } = compare(outcomes, ['tasks'])
  assert.deepEqual(
    [passed, failed, awaited].map((list) => list.map(({ scenario }) => scenario)),
    [['ping'], ['tools'], ['tasks']],
  )
  assert.deepEqual(stale, [])
})

test('an expected failure that passes, or that nobody knows, is stale', () => {
  const { stale } = compare([{ scenario: 'ping', complaints: [] }], ['ping', 'pong'])
  assert.deepEqual(stale, ['ping', 'pong'])
})
