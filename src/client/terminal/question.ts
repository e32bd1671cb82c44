import type { Choice, FormField, FormValue } from '../form-field.ts'
import { plainLine, plainText } from './plain-text.ts'

/** A field as lines to print: what it is, what is expected, what Enter gives. */
export function questionOf(field: FormField): string {
  const facts = [field.required ? undefined : 'optional', expectationOf(field)].filter((fact) => fact !== undefined)
  const head = [plainLine(field.title), facts.length > 0 ? `(${facts.join(', ')})` : '', presetOf(field)]
  const about = field.description === undefined ? [] : indent(plainText(field.description))
  const choices =
    'choices' in field ? field.choices.map(({ title }, index) => `  ${index + 1}) ${plainLine(title)}`) : []
  return [head.filter((part) => part !== '').join(' '), ...about, ...choices].join('\n')
}

/** A value as it is shown back. */
export function shown(field: FormField, value: FormValue | undefined): string {
  if (value === undefined) return '(left out)'
  if (typeof value === 'boolean') return value ? 'yes' : 'no'
  const choices = 'choices' in field ? field.choices : []
  const words = (typeof value === 'object' ? value : [String(value)]).map((each) => titleOf(choices, each))
  return words.length === 0 ? '(none)' : plainLine(words.join(', '))
}

function titleOf(choices: readonly Choice[], value: string): string {
  return choices.find((choice) => choice.value === value)?.title ?? value
}

const FORMATS: ReadonlyMap<string | undefined, string> = new Map([
  ['email', 'an e-mail address'],
  ['uri', 'an address such as https://example.com'],
])

function expectationOf(field: FormField): string | undefined {
  switch (field.type) {
    case 'string': {
      const length = range('characters', field.minLength, field.maxLength)
      return FORMATS.get(field.format) ?? length
    }
    case 'date':
      return field.format === 'date' ? 'a day as YYYY-MM-DD' : 'a moment as YYYY-MM-DD hh:mm'
    case 'boolean':
      return 'y or n'
    case 'enum':
      return 'the number of one'
    case 'multi-enum':
      return ['numbers with commas', range('of them', field.min, field.max)].filter(Boolean).join(', ')
    default:
      return range(field.type === 'integer' ? 'a whole number' : 'a number', field.min, field.max, true)
  }
}

function range(what: string, min: number | undefined, max: number | undefined, isFirst?: true): string | undefined {
  const bounds =
    min !== undefined && max !== undefined
      ? `${min} to ${max}`
      : min !== undefined
        ? `at least ${min}`
        : max !== undefined
          ? `at most ${max}`
          : undefined
  if (bounds === undefined) return isFirst && what
  return isFirst ? `${what}, ${bounds}` : `${bounds} ${what}`
}

function presetOf(field: FormField): string {
  if (field.default === undefined) return ''
  if (field.type === 'boolean') return field.default ? '[Y/n]' : '[y/N]'
  if (field.type !== 'enum' && field.type !== 'multi-enum') return `[${shown(field, field.default)}]`
  const values: readonly string[] = typeof field.default === 'string' ? [field.default] : field.default
  return `[${values.map((value) => field.choices.findIndex((choice) => choice.value === value) + 1).join(',')}]`
}

function indent(text: string): string[] {
  return text.split('\n').map((line) => `  ${line}`)
}
