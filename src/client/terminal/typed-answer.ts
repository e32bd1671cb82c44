import { type Choice, type FormField, type FormValue, problemWith } from '../form-field.ts'

/** What came of a typed line: a value, no value, or what is wrong with it. */
export type TypedAnswer = { readonly value: FormValue } | { readonly value: undefined } | { readonly problem: string }

/** The word that leaves a field out although it has a default. */
export const SKIP = ':skip'

/** Reads what a person typed into a field. Enter takes the default, or leaves an optional field out. */
export function readTyped(field: FormField, line: string): TypedAnswer {
  const typed = line.trim()
  const leavesOut = typed === SKIP || (typed === '' && field.default === undefined)
  if (leavesOut) return field.required ? { problem: 'is required' } : { value: undefined }
  if (typed === '' && field.default !== undefined) return { value: field.default }
  const value = meant(field, typed)
  const problem = value === undefined ? UNREADABLE[field.type] : problemWith(field, value)
  return problem === undefined ? { value: value ?? '' } : { problem }
}

const UNREADABLE: Readonly<Record<FormField['type'], string>> = {
  string: 'must be text',
  date: 'must be a day or a moment',
  number: 'must be a number',
  integer: 'must be a whole number',
  boolean: 'must be y or n',
  enum: 'must be the number of a choice',
  'multi-enum': 'must be numbers of choices with commas between, or none',
}

/** The value that the words mean; undefined if they mean none. */
function meant(field: FormField, typed: string): FormValue | undefined {
  switch (field.type) {
    case 'string':
      return typed
    case 'date':
      return field.format === 'date' ? typed : momentOf(typed)
    case 'boolean':
      return YES.has(typed.toLowerCase()) ? true : NO.has(typed.toLowerCase()) ? false : undefined
    case 'enum':
      return choiceOf(field.choices, typed)
    case 'multi-enum':
      return choicesOf(field.choices, typed)
    default:
      return NUMBER.test(typed) ? Number(typed) : undefined
  }
}

/** Words for a yes and a no. */
export const YES: ReadonlySet<string> = new Set(['y', 'yes', 'true', '1', 'on'])
const NO: ReadonlySet<string> = new Set(['n', 'no', 'false', '0', 'off'])
const NUMBER = /^[+-]?(?:\d+(?:\.\d*)?|\.\d+)(?:e[+-]?\d+)?$/i
const LOCAL = /^(\d{4}-\d\d-\d\d)[T ](\d\d:\d\d)(:\d\d(?:\.\d{1,9})?)?\s*(z|[+-]\d\d:?\d\d)?$/i

/** A moment without a zone is meant in the zone of the machine. */
function momentOf(typed: string): string {
  const [, day, minute, seconds = ':00', zone] = LOCAL.exec(typed) ?? []
  if (day === undefined || minute === undefined) return typed
  if (zone !== undefined) return `${day}T${minute}${seconds}${zone.toUpperCase().replace(/(\d\d)(\d\d)$/, '$1:$2')}`
  const moment = new Date(`${day}T${minute}${seconds}`)
  return Number.isNaN(moment.getTime()) ? typed : moment.toISOString()
}

/** A choice by the number that it is shown with, else by its words. */
function choiceOf(choices: readonly Choice[], typed: string): string | undefined {
  const byNumber = /^\d+$/.test(typed) ? choices[Number(typed) - 1] : undefined
  const word = typed.toLowerCase()
  const byWord = choices.find(({ value, title }) => value.toLowerCase() === word || title.toLowerCase() === word)
  return (byNumber ?? byWord)?.value
}

function choicesOf(choices: readonly Choice[], typed: string): readonly string[] | undefined {
  if (typed.toLowerCase() === 'none') return []
  const parts = typed.split(',').map((part) => part.trim())
  // Numbers alone need no commas.
  const words = parts.length === 1 && /^\d+(\s+\d+)+$/.test(typed) ? typed.split(/\s+/) : parts
  const found = words.filter((word) => word !== '').map((word) => choiceOf(choices, word))
  return found.length > 0 && found.every((value) => value !== undefined) ? found : undefined
}
