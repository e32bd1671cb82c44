import { describe, expect, it } from 'vitest'
import { compileInput } from '../../../schema/compile.ts'
import type { JsonSchema } from '../../../schema/json-schema.ts'
import { planArguments } from '../arguments/plan-arguments.ts'
import { readApi } from '../document/read-api.ts'

const text = { type: 'string' }
const at = (name: string): JsonSchema => ({ $ref: `#/components/schemas/${name}` })

/** The arguments of an operation with such a body. */
function argumentsFor(schema: JsonSchema, schemas: Readonly<Record<string, unknown>>): JsonSchema {
  const requestBody = { required: true, content: { 'application/json': { schema } } }
  const paths = { '/pets': { post: { requestBody } } }
  const api = readApi({ openapi: '3.1.0', info: { title: 'T', version: '1' }, paths, components: { schemas } })
  if (api instanceof Promise) throw new Error('an object is read at once')
  const [route] = api.routes
  if (route === undefined) throw new Error('there is a route')
  return planArguments(route, api).plan.schema
}

async function accepts(schema: JsonSchema, value: unknown): Promise<boolean> {
  return (await compileInput(schema, { repair: false }).check(value)).ok
}

function branchesOf({ properties }: JsonSchema): unknown {
  return (properties as { readonly body?: JsonSchema }).body?.anyOf // as arguments are planned
}

const kinds = {
  Cat: { type: 'object', properties: { kind: text, claws: { type: 'integer' } }, required: ['kind'] },
  Dog: { type: 'object', properties: { kind: text, tricks: { type: 'array', items: text } }, required: ['kind'] },
}

describe('the branches of a body with a discriminator', () => {
  it('say by which values of the mapping they are meant', async () => {
    const mapping = { cat: '#/components/schemas/Cat', kitten: 'Cat', dog: 'Dog' }
    const schema = argumentsFor(
      { oneOf: [at('Cat'), at('Dog')], discriminator: { propertyName: 'kind', mapping } },
      kinds,
    )
    expect(branchesOf(schema)).toEqual([
      { $ref: '#/$defs/Cat', properties: { kind: { enum: ['cat', 'kitten'] } } },
      { $ref: '#/$defs/Dog', properties: { kind: { enum: ['dog'] } } },
    ])
    expect(await accepts(schema, { body: { kind: 'kitten', claws: 18 } })).toBe(true)
    expect(await accepts(schema, { body: { kind: 'cow' } })).toBe(false)
    expect(await accepts(schema, { body: { kind: 'dog', tricks: 'none' } })).toBe(false)
  })

  it('show the names of their schemas where there is no mapping, but do not insist on them', async () => {
    const schema = argumentsFor({ oneOf: [at('Cat'), at('Dog')], discriminator: { propertyName: 'kind' } }, kinds)
    expect(branchesOf(schema)).toContainEqual({
      $ref: '#/$defs/Cat',
      properties: { kind: { examples: ['Cat'] } },
    })
    expect(await accepts(schema, { body: { kind: 'cat' } })).toBe(true)
  })

  it('are left as they are where they say it themselves', () => {
    const own = {
      Cat: { ...kinds.Cat, properties: { kind: { const: 'cat' } } },
      Dog: { allOf: [at('Base'), kinds.Dog] },
    }
    const Base = { type: 'object', properties: { kind: { ...text, enum: ['dog'] } } }
    const discriminator = { propertyName: 'kind', mapping: { cat: 'Cat' } }
    const schema = argumentsFor({ oneOf: [at('Cat'), at('Dog')], discriminator }, { ...own, Base })
    expect(branchesOf(schema)).toEqual([{ $ref: '#/$defs/Cat' }, { $ref: '#/$defs/Dog' }])
  })
})

describe('a body of a schema that others are made of', () => {
  const Pet = {
    type: 'object',
    description: 'Any pet',
    required: ['kind'],
    properties: { kind: text, name: text },
    discriminator: { propertyName: 'kind', mapping: { cat: 'Cat' } },
  }
  const Cat = { allOf: [at('Pet'), { type: 'object', properties: { claws: { type: 'integer' }, rival: at('Pet') } }] }
  const Lion = { allOf: [at('Cat'), { type: 'object', properties: { mane: { type: 'boolean' } } }] }

  it('may be any of them, with the members of each', async () => {
    const schema = argumentsFor(at('Pet'), { Pet, Cat, Lion })
    expect(branchesOf(schema)).toEqual([
      { $ref: '#/$defs/Cat', properties: { kind: { enum: ['cat'] } } },
      { $ref: '#/$defs/Lion', properties: { kind: { examples: ['Lion'] } } },
      { $ref: '#/$defs/PetBase' },
    ])
    expect(await accepts(schema, { body: { kind: 'cat', claws: 18, rival: { kind: 'Lion', mane: true } } })).toBe(true)
    expect(await accepts(schema, { body: { kind: 'parrot', words: 3 } })).toBe(true)
    expect(await accepts(schema, { body: { name: 'Tom' } })).toBe(false)
  })

  it('is that of one of them where this one is meant', () => {
    const { properties } = argumentsFor(at('Cat'), { Pet, Cat })
    expect(Object.keys(properties ?? {}).toSorted()).toEqual(['claws', 'kind', 'name', 'rival'])
  })

  it('is its own where nothing is made of it', () => {
    expect(Object.keys(argumentsFor(at('Pet'), { Pet }).properties ?? {})).toEqual(['kind', 'name'])
  })

  it.each<[string, Readonly<Record<string, unknown>>]>([
    ['an heir of itself', { Pet: { ...Pet, allOf: [at('Pet'), at('Cat')] }, Cat: { allOf: [at('Cat'), at('Pet')] } }],
    [
      'a mapping to nowhere',
      { Pet: { ...Pet, discriminator: { propertyName: 'kind', mapping: { a: 1, b: '#/x', c: '' } } } },
    ],
    ['a mapping to itself', { Pet: { ...Pet, discriminator: { propertyName: 'kind', mapping: { a: 'Pet' } } } }],
    ['a name that no argument has', { Pet: { ...Pet, discriminator: { propertyName: '__proto__' } }, Cat }],
    ['a discriminator that is none', { Pet: { ...Pet, discriminator: [] }, Cat }],
    ['a bare name, as Swagger has it', { Pet: { ...Pet, discriminator: 'kind' }, Cat }],
  ])('does no harm with %s', async (_, schemas) => {
    const schema = argumentsFor(at('Pet'), schemas)
    const pet = { kind: 'parrot', name: 'Polly' }
    expect((await accepts(schema, pet)) || (await accepts(schema, { body: pet }))).toBe(true)
  })

  it('shows at most fifty of a thousand', () => {
    const many = Object.fromEntries(Array.from({ length: 1_000 }, (_, i) => [`Pet${i}`, { allOf: [at('Pet')] }]))
    expect(branchesOf(argumentsFor(at('Pet'), { Pet, ...many }))).toHaveLength(51)
  })
})
