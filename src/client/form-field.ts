/** One of the values that a field can take, with what to show for it. */
export interface Choice {
  readonly value: string
  readonly title: string
}

interface Field<Type extends string, Value> {
  readonly type: Type
  /** The member of the content that it fills. */
  readonly name: string
  /** What to show for it: its title, else its name. */
  readonly title: string
  readonly description?: string
  readonly required: boolean
  /** What to fill in beforehand; it fits the field. */
  readonly default?: Value
}

export interface TextField extends Field<'string', string> {
  /** Lengths in characters, not in UTF-16 units. */
  readonly minLength?: number
  readonly maxLength?: number
  readonly format?: 'email' | 'uri'
}

/** A day as `2030-05-17`, or with `date-time` a moment as `2030-05-17T12:00:00Z`. */
export interface DateField extends Field<'date', string> {
  readonly format: 'date' | 'date-time'
}

export interface NumberField extends Field<'number' | 'integer', number> {
  readonly min?: number
  readonly max?: number
}

export interface BooleanField extends Field<'boolean', boolean> {}

export interface EnumField extends Field<'enum', string> {
  readonly choices: readonly Choice[]
}

/** Several of the choices; `min` and `max` are how many. */
export interface MultiEnumField extends Field<'multi-enum', readonly string[]> {
  readonly choices: readonly Choice[]
  readonly min?: number
  readonly max?: number
}

/** One question of a form, told apart by its `type`. */
export type FormField = TextField | DateField | NumberField | BooleanField | EnumField | MultiEnumField

/** What a field can be filled with. */
export type FormValue = string | number | boolean | readonly string[]

/** The answers of a form, by the names of its fields. */
export type FormContent = Readonly<Record<string, FormValue>>

/** What is wrong with a value for a field, for a person to read; undefined if it fits. */
export function problemWith(field: FormField, value: unknown): string | undefined {
  switch (field.type) {
    case 'string':
      return typeof value === 'string' ? problemWithText(field, value) : 'must be text'
    case 'date':
      return typeof value === 'string' ? problemWithDate(field, value) : 'must be text'
    case 'boolean':
      return typeof value === 'boolean' ? undefined : 'must be true or false'
    case 'enum':
      return field.choices.some((choice) => choice.value === value) ? undefined : 'must be one of the choices'
    case 'multi-enum':
      return problemWithChoices(field, value)
    default:
      return problemWithNumber(field, value)
  }
}

function problemWithText(
  { minLength = 0, maxLength = Infinity, format }: TextField,
  value: string,
): string | undefined {
  const length = [...value].length
  if (length < minLength) return `must have at least ${minLength} characters`
  if (length > maxLength) return `must have at most ${maxLength} characters`
  if (format === 'email' && !isEmail(value)) return 'must be an e-mail address'
  if (format === 'uri' && !URL.canParse(value)) return 'must be a whole address, such as https://example.com'
  return undefined
}

/** Enough to catch a slip; whether mail arrives only mail can tell. */
function isEmail(value: string): boolean {
  const at = value.lastIndexOf('@')
  return at > 0 && at < value.length - 1 && !/\s/.test(value)
}

const DAY = /^\d{4}-\d\d-\d\d$/
const MOMENT = /^(\d{4}-\d\d-\d\d)T\d\d:\d\d:\d\d(?:\.\d{1,9})?(?:Z|[+-]\d\d:\d\d)$/i

function problemWithDate({ format }: DateField, value: string): string | undefined {
  if (format === 'date') return DAY.test(value) && isDay(value) ? undefined : 'must be a day, such as 2030-05-17'
  const day = MOMENT.exec(value)?.[1]
  if (day !== undefined && isDay(day) && !Number.isNaN(Date.parse(value))) return undefined
  return 'must be a moment with its time zone, such as 2030-05-17T12:00:00Z'
}

/** `Date` takes February 30th for March 2nd. */
function isDay(value: string): boolean {
  const date = new Date(`${value}T00:00:00Z`)
  return !Number.isNaN(date.getTime()) && date.toISOString().startsWith(value)
}

function problemWithNumber({ type, min = -Infinity, max = Infinity }: NumberField, value: unknown): string | undefined {
  if (typeof value !== 'number' || !Number.isFinite(value)) return 'must be a number'
  if (type === 'integer' && !Number.isInteger(value)) return 'must be a whole number'
  if (value < min) return `must be at least ${min}`
  if (value > max) return `must be at most ${max}`
  return undefined
}

function problemWithChoices({ choices, min = 0, max = Infinity }: MultiEnumField, value: unknown): string | undefined {
  if (!Array.isArray(value)) return 'must be a list of choices'
  if (!value.every((each) => choices.some((choice) => choice.value === each))) return 'must all be among the choices'
  if (new Set(value).size < value.length) return 'must not have the same choice twice'
  if (value.length < min) return `needs at least ${min} choices`
  if (value.length > max) return `takes at most ${max} choices`
  return undefined
}
