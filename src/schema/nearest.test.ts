import { expect, it } from 'vitest'
import { nearest } from './nearest.ts'

it.each([
  ['citty', 'city'],
  ['userId', 'user_id'],
  ['User-ID', 'user_id'],
  ['tiemout', 'timeout'],
  ['CITY', 'city'],
])('%s was meant to be %s', (word, meant) => {
  expect(nearest(word, ['timeout', 'city', 'user_id', 'unit'])).toBe(meant)
})

it.each(['xyz', 'a', '', 'c'.repeat(65)])('nothing is near %s', (word) => {
  expect(nearest(word, ['city', 'b'])).toBeUndefined()
})
