import { expect, it } from 'vitest'
import { retryAfterOf } from './retry-after.ts'

const date = 'Wed, 01 Jan 2020 00:00:00 GMT'

it.each([
  '30',
  ' 30 ',
  'Wed, 01 Jan 2020 00:00:30 GMT',
  'Wednesday, 01-Jan-20 00:00:30 GMT',
  'Wed Jan  1 00:00:30 2020 GMT',
  '2020-01-01T00:00:30Z',
])('is read as seconds, or as a date in any form that there is: %s', (value) => {
  expect(retryAfterOf(new Headers({ 'retry-after': value, date }))).toBe(30_000)
})

it.each(['', 'soon', 'NaN', 'Mon', '12, 13', '5 minutes', '1 s'])('says nothing where it is neither: %j', (value) => {
  expect(retryAfterOf(new Headers({ 'retry-after': value, date }))).toBeUndefined()
})
