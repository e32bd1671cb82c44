import { expect, it } from 'vitest'
import { isExtensionId, isMetaKey } from './meta-key.ts'

it.each([
  ['com.example/reports', true, true],
  ['io.modelcontextprotocol/skills', true, true],
  ['localhost/a', true, true],
  ['com.example-2/my_name.v2', true, true],
  ['traceparent', true, false],
  ['com.example/', true, false],
  ['', true, false],
  ['com..example/a', false, false],
  ['2com.example/a', false, false],
  ['com.example-/a', false, false],
  ['com.example/-a', false, false],
  ['com.example/a/b', false, false],
  ['com.example/a b', false, false],
  ['com.exämple/a', false, false],
])('%j is a key of _meta: %s, an extension: %s', (name, isKey, isId) => {
  expect([isMetaKey(name), isExtensionId(name)]).toEqual([isKey, isId])
})

it('takes no longer for a long name than it must', () => {
  const started = performance.now()
  expect(isMetaKey(`${'a.'.repeat(50_000)}!`)).toBe(false)
  expect(isMetaKey(`${'a-'.repeat(50_000)}!`)).toBe(false)
  expect(performance.now() - started).toBeLessThan(200)
})
