import { expect, it } from 'vitest'
import { didYouMean, nearest } from './nearest.ts'

it('finds the word that was meant: a letter too many, missing, wrong, or swapped', () => {
  const commands = ['run', 'list', 'call', 'inspect']
  for (const typed of ['inspct', 'inspectt', 'imspect', 'ispnect', 'INSPECT'])
    expect(nearest(typed, commands)).toBe('inspect')
  expect(nearest('lst', commands)).toBe('list')
})

it('keeps quiet when nothing is near', () => {
  expect(nearest('deploy', ['run', 'list'])).toBeUndefined()
  expect(nearest('x', [])).toBeUndefined()
  expect(nearest('c', ['a', 'b'])).toBeUndefined()
  expect(nearest('A', ['a', 'b'])).toBe('a')
  expect(nearest('a'.repeat(10_000), ['a'])).toBeUndefined()
})

it('makes a sentence of it', () => {
  expect(didYouMean('--prot', ['--host', '--port'])).toBe('Did you mean --port?')
})
