import fc, { type Arbitrary } from 'fast-check'
import type { Parameter, ParameterPlace } from '../../src/providers/openapi/routes/route.ts'
import { mediaOf, parameterOf } from './openapi-writer.ts'
import type { Expected } from './parsing-server.ts'

/** What is sent, and what is to be read of it: texts, where nothing but texts can be sent. */
export type Sample = readonly [sent: unknown, read: unknown]

/** A parameter, and the values that it is tried with. */
export interface Tried extends Expected {
  readonly samples: Arbitrary<Sample>
}

/** All of Unicode, with a liking for what means something somewhere. */
export const anyText: Arbitrary<string> = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 12 }),
  fc.string({ unit: fc.constantFrom(...'/\\?#&=+%;:,@|.[]{}"\'<>^`~!$*() \t\r\n\0aé漢😀'), maxLength: 12 }),
  fc.constantFrom('%2e%2e', '%252e', ';', '?x', '#', '//evil', '\\', '&admin=1', '__proto__', 'a%00b', '\u{10ffff}'),
)

/** A name that no parser takes for anything else. */
export const word: Arbitrary<string> = fc.stringMatching(/^[a-z][a-z_é ]{0,6}$/)

function without(text: Arbitrary<string>, pattern: RegExp): Arbitrary<string> {
  return text.filter((value) => !pattern.test(value))
}

/** A text, a number or a boolean; all of them are read as texts. */
export function scalars(text: Arbitrary<string>): Arbitrary<Sample> {
  return fc.oneof(
    { weight: 4, arbitrary: text.map((value): Sample => [value, value]) },
    {
      weight: 1,
      arbitrary: fc.oneof(fc.integer(), fc.double({ noNaN: true, noDefaultInfinity: true }), fc.boolean()).map(asText),
    },
  )
}

function asText(value: number | boolean): Sample {
  return [value, String(value)]
}

/** Lists of such values; never empty, for nothing is sent of those. */
export function lists(item: Arbitrary<Sample>): Arbitrary<Sample> {
  return fc.array(item, { minLength: 1, maxLength: 4 }).map((items) => [items.map(sentOf), items.map(readOf)])
}

/** Objects of such values. */
export function objects(key: Arbitrary<string>, member: Arbitrary<Sample>): Arbitrary<Sample> {
  return fc.dictionary(key, member, { minKeys: 1, maxKeys: 4, noNullPrototype: true }).map((members) => {
    const entries = Object.entries(members)
    const each = (take: (sample: Sample) => unknown): object =>
      Object.fromEntries(entries.map(([name, sample]) => [name, take(sample)]))
    return [each(sentOf), each(readOf)]
  })
}

const sentOf = ([sent]: Sample): unknown => sent
const readOf = ([, read]: Sample): unknown => read

/** Whatever JSON can be, but for null, which is nothing to most places. */
export const jsons: Arbitrary<Sample> = fc
  .jsonValue({ maxDepth: 3, stringUnit: 'binary' })
  .filter((value) => value !== null)
  .map((value) => [value, JSON.parse(JSON.stringify(value))])

/** Objects in objects and lists. */
export const deeps: Arbitrary<Sample> = fc.letrec<{ readonly object: Sample; readonly member: Sample }>((tie) => ({
  object: objects(word, tie('member')),
  member: fc.oneof({ maxDepth: 2 }, scalars(anyText), lists(scalars(anyText)), tie('object'), lists(tie('object'))),
})).object

const key = without(anyText, /^$|^__proto__$/)

function tried(
  where: { readonly name: string; readonly in: ParameterPlace } & Partial<Parameter>,
  shape: Expected['shape'],
  samples: Arbitrary<Sample>,
): Tried {
  return { parameter: parameterOf(where.name, where.in, where), shape, samples, prefix: `${where.name}:` }
}

/** The three shapes of a style, each of them exploded and not. */
function everyShape(
  where: { readonly name: string; readonly in: ParameterPlace } & Partial<Parameter>,
  { key, text }: { readonly key: Arbitrary<string>; readonly text: Arbitrary<string> },
): readonly Tried[] {
  const { name } = where
  const one = scalars(text)
  const hasPrefix = where.in === 'query' || where.in === 'cookie'
  const exploded = hasPrefix ? key.map((value) => `${name}_ox${value}`) : key
  return [
    tried({ ...where, name: `${name}_t` }, 'text', one),
    tried({ ...where, name: `${name}_l`, explode: false }, 'list', lists(one)),
    tried({ ...where, name: `${name}_lx`, explode: true }, 'list', lists(one)),
    tried({ ...where, name: `${name}_o`, explode: false }, 'object', objects(key, one)),
    {
      ...tried({ ...where, name: `${name}_ox`, explode: true }, 'object', objects(exploded, one)),
      prefix: `${name}_ox`,
    },
  ]
}

/** What would lead to another path is refused, and so is nothing at all. */
const CLIMBS = /^$|(?:^|[/\\])\./
const pathText = without(anyText, CLIMBS)
/** The parser of others takes brackets for more than a part of a name. */
const queryKey = without(key, /[[\]]/)
/** Triplets stay in them. */
const reservedText = without(anyText, /%[0-9A-Fa-f]{2}/)
const headerText = fc.stringMatching(
  /^(?:[!-+\--<>-~\xa1-\xff](?:[!-+\--<>-~\xa1-\xff ]{0,8}[!-+\--<>-~\xa1-\xff])?)?$/,
)
const cookieText = fc.stringMatching(/^(?:[!#-+\--:<-[\]-~](?:[!#-+\--:<-[\]-~ ]{0,8}[!#-+\--:<-[\]-~])?)?$/)
const token = fc.stringMatching(/^[a-zA-Z0-9_.~-]{1,8}$/)
const content = mediaOf('application/json')

/** Every style in every place. */
export const PARAMETERS: readonly Tried[] = [
  ...(['simple', 'matrix'] as const).flatMap((style) =>
    everyShape({ name: `p${style}`, in: 'path', style }, { key: without(key, CLIMBS), text: pathText }),
  ),
  // Before the dot of the next label, a slash would be the end of a segment.
  ...everyShape(
    { name: 'plabel', in: 'path', style: 'label' },
    { key: without(key, /[/\\]/), text: without(anyText, /^$|[/\\]/) },
  ),
  tried({ name: 'preserved', in: 'path', allowReserved: true }, 'text', scalars(pathText)),
  tried(
    { name: 'pjson', in: 'path', content },
    'json',
    jsons.filter(([sent]) => !CLIMBS.test(JSON.stringify(sent))),
  ),
  ...everyShape({ name: 'qform', in: 'query' }, { key: queryKey, text: anyText }),
  ...everyShape(
    { name: 'qreserved', in: 'query', allowReserved: true },
    { key: without(queryKey, /%/), text: reservedText },
  ),
  ...(['spaceDelimited', 'pipeDelimited'] as const).flatMap((style) => {
    const [text, name] = [without(anyText, /[ |]/), without(queryKey, /[ |]/)]
    const where = { name: `q${style}`, in: 'query', style } as const
    return everyShape(where, { key: name, text }).filter(
      ({ shape, parameter }) => shape !== 'text' && (shape === 'list' || !parameter.explode),
    )
  }),
  tried({ name: 'qdeep', in: 'query', style: 'deepObject' }, 'deep', deeps),
  tried({ name: 'qjson', in: 'query', content }, 'json', jsons),
  ...everyShape({ name: 'x-h', in: 'header' }, { key: token, text: headerText }),
  tried({ name: 'x-json', in: 'header', content }, 'json', jsons),
  ...everyShape({ name: 'cform', in: 'cookie' }, { key: token, text: anyText }),
  ...everyShape({ name: 'craw', in: 'cookie', style: 'cookie' }, { key: token, text: cookieText }),
  tried({ name: 'cjson', in: 'cookie', content }, 'json', jsons),
  // Another parser keeps only the first of cookies that have one name.
].filter(({ parameter, shape }) => !(parameter.in === 'cookie' && shape === 'list' && parameter.explode))
