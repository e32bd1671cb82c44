import { expect, it } from 'vitest'
import { acceptanceOf } from './accept.ts'

it.each([
  [undefined, true, true],
  ['*/*', true, true],
  ['application/json, text/event-stream', true, true],
  ['text/event-stream,application/json;q=0.9', true, true],
  ['APPLICATION/JSON', true, false],
  ['application/*', true, false],
  ['text/*;q=0.1', false, true],
  ['text/event-stream', false, true],
  ['application/json;q=0, */*', false, true],
  ['*/*;q=0, application/json', true, false],
  ['text/event-stream; q=0.0; charset=utf-8', false, false],
  ['*/*;q=nonsense', false, false],
  ['text/html', false, false],
  ['', false, false],
])('Accept: %s takes JSON %s and events %s', (header, json, stream) => {
  expect(acceptanceOf(header)).toEqual({ json, stream })
})
