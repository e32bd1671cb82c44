import { parseArgs } from 'node:util'
import { misuse } from './failure.ts'
import { didYouMean } from './nearest.ts'

/** A flag of a command. With `value`, the word that help shows for it, it takes one. */
export interface Flag {
  readonly text: string
  readonly value?: string
  readonly short?: string
  /** May be given more than once. */
  readonly repeats?: boolean
}

/** The flags of a command by their names, without dashes. */
export type Flags = Readonly<Record<string, Flag>>

/** A command line in its parts. */
export interface Words {
  /** What is neither a flag nor its value, in order. */
  readonly positionals: readonly string[]
  /** What follows `--`; undefined without one. */
  readonly rest: readonly string[] | undefined
  /** The values of each flag that was given; a flag without value has one empty one. */
  readonly flags: ReadonlyMap<string, readonly string[]>
}

/** Takes a command line apart. Throws a `Failure` for an unknown flag, a missing value, or one too many. */
export function readWords(args: readonly string[], known: Flags): Words {
  const end = args.indexOf('--')
  const before = end < 0 ? args : args.slice(0, end)
  const options = Object.fromEntries(
    Object.entries(known).map(([name, { value, short }]) => [
      name,
      { type: value === undefined ? ('boolean' as const) : ('string' as const), ...(short ? { short } : {}) },
    ]),
  )
  const { tokens, positionals } = parseArgs({
    args: [...before],
    options,
    strict: false,
    allowPositionals: true,
    tokens: true,
  })
  const flags = new Map<string, string[]>()
  for (const token of tokens) {
    if (token.kind !== 'option') continue
    const flag = Object.hasOwn(known, token.name) ? known[token.name] : undefined
    if (flag === undefined) throw unknownFlag(token.rawName, known)
    const value = givenValue(token, flag)
    const given = flags.get(token.name) ?? []
    if (given.length > 0 && !flag.repeats) throw misuse(`${token.rawName} is given twice`, 'Leave one of them out.')
    flags.set(token.name, [...given, value])
  }
  return { positionals, rest: end < 0 ? undefined : args.slice(end + 1), flags }
}

/** The value of a flag that takes one; undefined if it was not given. */
export function valueOfFlag({ flags }: Words, name: string): string | undefined {
  return flags.get(name)?.[0]
}

/** The value of a flag that has only a few. Throws a `Failure` that names them. */
export function choiceOfFlag<C extends string>(words: Words, name: string, choices: readonly C[]): C | undefined {
  const value = valueOfFlag(words, name)
  const choice = choices.find((known) => known === value)
  if (value === undefined || choice !== undefined) return choice
  throw misuse(`--${name} cannot be "${value}"`, didYouMean(value, choices) ?? `It is one of: ${choices.join(', ')}.`)
}

/** What numbers a flag takes. */
export interface Range {
  readonly least: number
  readonly most: number
  readonly whole?: boolean
}

/** The value of a flag that takes a number. Throws a `Failure` for one out of range. */
export function numberOfFlag(words: Words, name: string, { least, most, whole }: Range): number | undefined {
  const value = valueOfFlag(words, name)
  if (value === undefined) return undefined
  const number = /^\d+(\.\d+)?$/.test(value) ? Number(value) : Number.NaN
  if (number >= least && number <= most && !(whole && !Number.isInteger(number))) return number
  throw misuse(`--${name} must be a ${whole ? 'whole ' : ''}number from ${least} to ${most}, not "${value}"`)
}

interface GivenFlag {
  readonly rawName: string
  readonly value?: string | undefined
  readonly inlineValue?: boolean | undefined
}

function givenValue({ rawName, value, inlineValue }: GivenFlag, flag: Flag): string {
  if (flag.value === undefined) {
    if (value === undefined) return ''
    throw misuse(`${rawName} takes no value`, `Write ${rawName} alone.`)
  }
  const isFlag = inlineValue === false && value !== undefined && /^--?[a-z]/i.test(value)
  if (value !== undefined && value !== '' && !isFlag) return value
  throw misuse(`${rawName} needs a value`, `Write ${rawName} <${flag.value}>.`)
}

function unknownFlag(rawName: string, known: Flags): Error {
  const all = Object.keys(known).map((name) => `--${name}`)
  return misuse(`There is no flag ${rawName}`, didYouMean(rawName, all) ?? `The flags are: ${all.join(', ')}.`)
}
