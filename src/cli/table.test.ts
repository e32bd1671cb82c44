import { expect, it } from 'vitest'
import { columns, cut, indent, printable } from './table.ts'

it('lines columns up and leaves no blanks at the end', () => {
  expect(
    columns([
      ['a', 'b', ''],
      ['long', 'c', 'd'],
    ]),
  ).toEqual(['a     b', 'long  c  d'])
  expect(columns([])).toEqual([])
})

it('cuts lines to the terminal', () => {
  expect(columns([['name', 'a long description']], 12)).toEqual(['name  a lon…'])
  expect(cut('short', 10)).toBe('short')
})

it('keeps every row on one line', () => {
  expect(columns([['a', 'one\n  two\tthree']])).toEqual(['a  one two three'])
})

it('lets nothing from a server control the terminal', () => {
  expect(printable('\u001b[31mred\u001b[0m\u0007 \u202egpj.exe\r\nnext\ttab')).toBe(
    '\\u001b[31mred\\u001b[0m\\u0007 \\u202egpj.exe\nnext\ttab',
  )
  expect(columns([['\u001b]0;title\u0007', 'x']])).toEqual(['\\u001b]0;title\\u0007  x'])
})

it('indents lines that hold something', () => {
  expect(indent('a\n\nb')).toBe('  a\n\n  b')
})
