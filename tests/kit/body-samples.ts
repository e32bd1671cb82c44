import fc, { type Arbitrary } from 'fast-check'
import { encodeBase64 } from '../../src/components/base64.ts'
import { FILE_SCHEMA } from '../../src/providers/openapi/arguments/file-argument.ts'
import type { BodyPlan } from '../../src/providers/openapi/arguments/plan.ts'
import type { JsonSchema } from '../../src/schema/json-schema.ts'
import { bodyOf, mediaOf, wholeBody } from './openapi-writer.ts'
import { anyText, deeps, jsons, lists, objects, type Sample, scalars, word } from './request-samples.ts'

/** A body, and the arguments that it is tried with: what of them is to be read, and how many values they are. */
export interface TriedBody {
  readonly body: BodyPlan
  /** The schemas of its arguments. */
  readonly properties: JsonSchema
  readonly samples: Arbitrary<{ readonly args: Readonly<Record<string, unknown>>; readonly read: unknown }>
  readonly cases: number
}

function whole(type: string, samples: Arbitrary<Sample>): TriedBody {
  const given = samples.map(([sent, read]) => ({ args: { body: sent }, read }))
  return { body: wholeBody(mediaOf(type)), properties: {}, samples: given, cases: 1 }
}

type Members = Readonly<Record<string, Arbitrary<Sample>>>

/** Properties; `read` makes of what each of them is read as what all of them are. */
function properties(
  media: BodyPlan['media'],
  members: Members,
  options: { readonly schema?: JsonSchema; readonly read?: (parts: readonly unknown[]) => unknown } = {},
): TriedBody {
  const names = Object.keys(members)
  const { schema = {}, read = (parts) => Object.fromEntries(parts.map((part, index) => [names[index], part])) } =
    options
  const samples = fc.tuple(...Object.values(members)).map((values) => ({
    args: Object.fromEntries(values.map(([sent], index) => [names[index], sent])),
    read: read(values.map(([, part]) => part)),
  }))
  return { body: bodyOf(media, names), properties: schema, samples, cases: names.length }
}

const bytes = fc.uint8Array({ maxLength: 40 }).map((value) => encodeBase64(value))
const filename = fc.stringMatching(/^[a-zé漢][a-zé漢'();=%., _-]{0,10}$/)

/** A file under the name of its property, in each of the two forms. */
function files(name: string): Arbitrary<Sample> {
  return fc.oneof(
    bytes.map((base64): Sample => [base64, [name, name, 'application/octet-stream', base64]]),
    fc
      .record({ base64: bytes, filename, contentType: fc.constantFrom('image/png', 'text/plain', 'application/x-a+b') })
      .map((file): Sample => [file, [name, file.filename, file.contentType, file.base64]]),
  )
}

/** One part, or one for each item. */
function parts(name: string, type: string, samples: Arbitrary<Sample>): Arbitrary<Sample> {
  return samples.map(([sent, read]) => [
    sent,
    (Array.isArray(read) ? read : [read]).map((text) => [
      name,
      typeof text === 'string' ? text : JSON.stringify(text),
      type,
    ]),
  ])
}

const plain = scalars(anyText)
const nested = objects(word, jsons)

/** Every way to write a body. */
export const BODIES: Readonly<Record<string, TriedBody>> = {
  'JSON that is one argument': whole('application/json', jsons),
  'JSON of properties': properties(mediaOf('application/merge-patch+json'), { a: jsons, b: jsons, __proto: jsons }),
  'a urlencoded form': properties(
    mediaOf('application/x-www-form-urlencoded', {
      deep: { style: 'deepObject' },
      styled: { style: 'form', allowReserved: false },
    }),
    {
      text: plain,
      list: lists(plain).filter(([, read]) => Array.isArray(read) && read.length > 1),
      json: nested.map(([sent, read]) => [sent, JSON.stringify(read)]),
      deep: deeps,
      styled: plain,
    },
  ),
  'a form in parts': properties(
    mediaOf('multipart/form-data'),
    {
      text: parts('text', 'text/plain', plain),
      list: parts('list', 'text/plain', lists(plain)),
      json: parts('json', 'application/json', nested),
      file: files('file').map(([sent, read]) => [sent, [read]]),
      files: lists(files('files')),
    },
    { schema: { file: FILE_SCHEMA, files: { type: 'array', items: FILE_SCHEMA } }, read: (all) => all.flat() },
  ),
  text: whole(
    'text/plain',
    anyText.map((value) => [value, value]),
  ),
  bytes: whole(
    'application/octet-stream',
    bytes.map((value) => [value, value]),
  ),
}
