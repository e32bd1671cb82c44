import { expect, it } from 'vitest'
import { acceptanceOf } from './accept.ts'

it.each([
  [undefined, true, true],
  ['*/*', true, true],
  ['application/json, text/event-stream', true, true],
  ['text/event-stream,application/json;charset=utf-8', true, true],
  ['Application/JSON', true, false],
  ['text/event-stream', false, true],
  ['text/*', false, true],
  ['application/*;q=0.2', true, false],
  ['application/json;q=0, */*', false, true],
  ['*/*;q=0', false, false],
  ['text/html, image/png', false, false],
  ['', false, false],
  [';;,,q=', false, false],
])('%s takes JSON: %s, event streams: %s', (header, json, stream) => {
  expect(acceptanceOf(header)).toEqual({ json, stream })
})
