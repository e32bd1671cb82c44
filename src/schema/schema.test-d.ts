import { toStandardJsonSchema } from '@valibot/to-json-schema'
import { type } from 'arktype'
import * as v from 'valibot'
import { expectTypeOf, test } from 'vitest'
import { z } from 'zod'
import { compileInput } from './compile.ts'
import type { AnySchema, InputOf, OutputOf } from './schema.ts'

const Zod = z.object({ n: z.number().default(1), at: z.string().transform((text) => new Date(text)) })
const Ark = type({ 'n?': 'number', at: 'string.date.parse' })
const Valibot = toStandardJsonSchema(v.object({ n: v.optional(v.number(), 1), at: v.pipe(v.string(), v.toDate()) }))

test('what a handler gets is what the schema gives', () => {
  expectTypeOf<OutputOf<typeof Zod>>().toEqualTypeOf<{ n: number; at: Date }>()
  expectTypeOf<OutputOf<typeof Ark>>().toEqualTypeOf<{ n?: number; at: Date }>()
  expectTypeOf<OutputOf<typeof Valibot>>().toEqualTypeOf<{ n: number; at: Date }>()
})

test('what a caller sends is what the schema takes', () => {
  expectTypeOf<InputOf<typeof Zod>>().toEqualTypeOf<{ n?: number | undefined; at: string }>()
  expectTypeOf<InputOf<typeof Ark>>().toEqualTypeOf<{ n?: number; at: string }>()
  expectTypeOf<InputOf<typeof Valibot>>().toEqualTypeOf<{ n?: number | undefined; at: string }>()
})

test('raw JSON Schema gives an open record and takes anything', () => {
  const raw = { type: 'object', properties: { a: { type: 'string' } } } as const
  expectTypeOf<OutputOf<typeof raw>>().toEqualTypeOf<Record<string, unknown>>()
  expectTypeOf<InputOf<typeof raw>>().toEqualTypeOf<unknown>()
})

test('plain valibot is a schema to the compiler; that it has no JSON Schema shows at registration', () => {
  expectTypeOf(v.object({})).toExtend<AnySchema>()
})

test('what is no schema is refused by the compiler', () => {
  // @ts-expect-error a string is no schema
  compileInput('object')
  // @ts-expect-error nothing is no schema
  compileInput(undefined)
  // @ts-expect-error repair is on or off
  compileInput(z.object({}), { repair: 'yes' })
})
