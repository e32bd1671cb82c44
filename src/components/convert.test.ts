import { describe, expect, it } from 'vitest'
import { z } from 'zod'
import { originOf } from '../../tests/kit/origin.ts'
import { contextOf } from '../engine/backstage.ts'
import type { CallToolResult } from '../protocol/methods.ts'
import { VALUE_ROOT } from '../protocol/structured.ts'
import type { AnySchema } from '../schema/schema.ts'
import { file, image, link, text } from './content.ts'
import { tool } from './tool.ts'
import { toolResult } from './tool-result.ts'

const context = contextOf(originOf())

const returning = (value: unknown, output?: AnySchema): CallToolResult => {
  const made = tool('t', { description: 'x', ...(output && { output }) }, () => value)
  return made.call({}, context) as CallToolResult
}
const says = (words: string): unknown => ({ type: 'text', text: words })
const picture = image('iVBORw0KGgoAAAAA')

describe('a tool without output returns', () => {
  it('a string as text, with nothing structured', () => {
    expect(returning('hello')).toEqual({ content: [says('hello')] })
    expect(returning('')).toEqual({ content: [says('')] })
  })

  it.each([
    [5, '5'],
    [true, 'true'],
    [null, 'null'],
    [{ a: [1] }, '{"a":[1]}'],
    [[1, 'a'], '[1,"a"]'],
    [[], '[]'],
  ])('%j as JSON text and structured', (value, json) => {
    expect(returning(value)).toEqual({ content: [says(json)], structuredContent: value })
  })

  it('plain data as it is, not copied', () => {
    const value = { a: [1] }
    expect(returning(value).structuredContent).toBe(value)
  })

  it('nothing as empty content', () => {
    expect(returning(undefined)).toEqual({ content: [] })
  })

  it('dates and URLs as their text, and data with them as JSON', () => {
    expect(returning(new Date(0))).toEqual({ content: [says('1970-01-01T00:00:00.000Z')] })
    expect(returning(new URL('https://example.com/'))).toEqual({ content: [says('https://example.com/')] })
    expect(returning(new Map([['at', new Date(0)]]))).toEqual({
      content: [says('{"at":"1970-01-01T00:00:00.000Z"}')],
      structuredContent: { at: '1970-01-01T00:00:00.000Z' },
    })
    expect(returning(7n)).toEqual({ content: [says('7')], structuredContent: 7 })
  })

  it('bytes as an embedded resource of the type they have', () => {
    const resource = { uri: 'tool://t/bytes/0', mimeType: 'application/octet-stream', blob: 'AQI=' }
    expect(returning(new Uint8Array([1, 2]))).toEqual({ content: [{ type: 'resource', resource }] })
    expect(returning(new Uint8Array([1, 2]).buffer)).toEqual({ content: [{ type: 'resource', resource }] })
    const gif = Uint8Array.from('GIF89a', (c) => c.charCodeAt(0))
    expect(returning(gif).content).toMatchObject([{ resource: { mimeType: 'image/gif' } }])
  })

  it('content as it is, alone or mixed with anything', () => {
    const report = file('report://q1', { text: 'Q1' })
    const more = link('report://q2', { name: 'q2' })
    expect(returning(picture)).toEqual({ content: [picture] })
    expect(returning(text('hi'))).toEqual({ content: [says('hi')] })
    expect(returning(['Look:', picture, report, more, { rows: 3 }, 4, undefined, null])).toEqual({
      content: [says('Look:'), picture, report, more, says('{"rows":3}'), says('4'), says('null')],
    })
    const bytes = returning([picture, new Uint8Array([1])]).content[1]
    expect(bytes).toMatchObject({ resource: { uri: 'tool://t/bytes/1', blob: 'AQ==' } })
  })

  it('a list without content as data, also where something looks a bit like content', () => {
    expect(returning(['a', 'b'])).toEqual({ content: [says('["a","b"]')], structuredContent: ['a', 'b'] })
    expect(returning({ type: 'text', words: 'x' }).structuredContent).toEqual({ type: 'text', words: 'x' })
    expect(returning({ type: 'image', data: 'x' }).structuredContent).toEqual({ type: 'image', data: 'x' })
  })

  it('its own parts by toolResult', () => {
    const result = toolResult({ content: ['3 rows', picture], structured: { n: 3 }, meta: { a: 1 }, isError: false })
    expect(returning(result)).toEqual({
      content: [says('3 rows'), picture],
      structuredContent: { n: 3 },
      isError: false,
      _meta: { a: 1 },
    })
    expect(returning(toolResult({ structured: { n: 3n } }))).toEqual({
      content: [says('{"n":3}')],
      structuredContent: { n: 3 },
    })
    expect(returning(toolResult({ content: 'no', isError: true }))).toEqual({ content: [says('no')], isError: true })
    expect(returning(toolResult({}))).toEqual({ content: [] })
  })
})

describe('a tool with output', () => {
  const weather = z.object({ city: z.string(), celsius: z.number().default(20) })

  it('sends the checked value, so defaults, transforms and left-out keys count', () => {
    expect(returning({ city: 'Oslo', secret: 1 }, weather)).toEqual({
      content: [says('{"city":"Oslo","celsius":20}')],
      structuredContent: { city: 'Oslo', celsius: 20 },
    })
    const loud = z.object({ word: z.string().transform((word) => word.toUpperCase()) })
    expect(returning({ word: 'hi' }, loud).structuredContent).toEqual({ word: 'HI' })
  })

  it('checks what the handler returned, then makes it JSON', () => {
    const at = z.object({ at: z.date() })
    expect(returning({ at: new Date(0) }, at).structuredContent).toEqual({ at: '1970-01-01T00:00:00.000Z' })
  })

  it('makes it JSON first where the schema is JSON Schema', async () => {
    const at = { type: 'object', properties: { at: { type: 'string' } }, required: ['at'] }
    expect(await returning({ at: new Date(0) }, at)).toMatchObject({
      structuredContent: { at: '1970-01-01T00:00:00.000Z' },
    })
  })

  it('is structured also for strings, and then says so where the root is no object', () => {
    expect(returning('hi', z.string())).toEqual({ content: [says('hi')], structuredContent: 'hi', [VALUE_ROOT]: true })
    expect(returning([1], z.array(z.number()))).toMatchObject({ structuredContent: [1], [VALUE_ROOT]: true })
    expect(returning({ a: 1 }, z.union([z.object({ a: z.number() }), z.string()]))).toMatchObject({
      [VALUE_ROOT]: true,
    })
    expect(VALUE_ROOT in returning({ city: 'Oslo' }, weather)).toBe(false)
    const objects = z.union([z.object({ a: z.number() }), z.object({ b: z.number() })])
    expect(VALUE_ROOT in returning({ a: 1 }, objects)).toBe(false)
    expect(JSON.stringify(returning('hi', z.string()))).not.toContain('root')
  })

  it('treats what looks like content as data', () => {
    const block = z.object({ type: z.literal('text'), text: z.string() })
    expect(returning(text('hi'), block).structuredContent).toEqual({ type: 'text', text: 'hi' })
  })

  it('checks the structured part of toolResult, but not of an error', () => {
    expect(returning(toolResult({ content: 'warm', structured: { city: 'Oslo' } }), weather)).toEqual({
      content: [says('warm')],
      structuredContent: { city: 'Oslo', celsius: 20 },
    })
    expect(() => returning(toolResult({ content: 'warm' }), weather)).toThrow('does not fit the output schema')
    expect(returning(toolResult({ content: 'no such city', isError: true }), weather)).toEqual({
      content: [says('no such city')],
      isError: true,
    })
  })

  it('SC-07: refuses what does not fit, with the tool, the place and the rule for the operator', () => {
    expect(() => returning({ city: 5 }, weather)).toThrow(
      /^tool "t": the result does not fit the output schema\. `city` must be a string/,
    )
    expect(() => returning(undefined, z.undefined().or(z.string()))).toThrow('return null, or leave output out')
  })

  it('waits for a schema that is asynchronous', async () => {
    const slow = z.object({ id: z.string().refine(async () => true) })
    expect(await returning({ id: 'a' }, slow)).toMatchObject({ structuredContent: { id: 'a' } })
  })
})

describe('SC-07: what cannot be sent is an error that names the tool and the place', () => {
  const cyclic: { self?: unknown } = {}
  cyclic.self = cyclic
  it.each([
    [{ rows: [{ run: () => 1 }] }, 'tool "t": result.rows[0].run is a function'],
    [cyclic, 'tool "t": result.self contains itself'],
    [Number.NaN, 'tool "t": result is NaN'],
    [[picture, Symbol('s')], 'tool "t": result is a symbol'],
    ['x'.repeat(8 * 1024 * 1024 + 1), 'tool "t": the result is larger than 8388608 characters'],
    [{ a: '\n'.repeat(5 * 1024 * 1024) }, 'tool "t": the result is larger than 8388608 characters'],
    [new Uint8Array(7 * 1024 * 1024), 'tool "t": the result is larger than 8388608 characters'],
  ])('case %#', (value, words) => {
    expect(() => returning(value)).toThrow(words)
  })

  it('metadata on content that JSON cannot carry is refused too, so that encoding never fails', () => {
    expect(() => returning({ ...picture, _meta: cyclic })).toThrow('result._meta.self contains itself')
  })
})
