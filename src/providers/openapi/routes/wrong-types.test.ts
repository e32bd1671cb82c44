import fc from 'fast-check'
import { expect, it } from 'vitest'
import { FastMCPError } from '../../../protocol/errors.ts'
import { readApi } from '../document/read-api.ts'

const schema = {
  type: 'object',
  properties: { example: { type: 'string', nullable: true }, b: { $ref: '#/definitions/D' } },
}
const parameters = [
  { name: 'id', in: 'path', required: true, type: 'string' },
  { $ref: '#/parameters/P' },
  { name: 'f', in: 'formData', type: 'array', items: { type: 'file' } },
]
const parts = {
  info: { title: 'T', version: '1' },
  security: [{ key: ['a'] }],
  definitions: { D: schema },
  parameters: { P: { name: 'p', in: 'body', schema } },
  responses: { R: { description: 'r', schema, headers: { X: { type: 'string' } } } },
  securityDefinitions: { key: { type: 'oauth2', flow: 'implicit', scopes: { a: 'b' } } },
}
const swagger = {
  swagger: '2.0',
  host: 'h',
  basePath: '/',
  schemes: ['https'],
  consumes: ['a/b'],
  produces: ['a/b'],
  ...parts,
}
const content = { 'multipart/form-data': { schema, encoding: { b: { headers: { X: { schema } }, style: 'form' } } } }
const components = {
  schemas: { D: schema },
  parameters: { P: { name: 'p', in: 'query', content } },
  responses: { R: { description: '', content } },
  securitySchemes: { key: { type: 'http', scheme: 'basic' } },
}
const three = {
  openapi: '3.0.0',
  servers: [{ url: '/{v}', variables: { v: { default: 'a', enum: ['a'] } } }],
  components,
  ...parts,
}
const operation = {
  operationId: 'o',
  tags: ['t'],
  parameters,
  requestBody: { content },
  responses: { 200: { $ref: '#/responses/R' }, default: { content, schema } },
  security: [],
  servers: [{ url: 'x' }],
  'x-a': 1,
}
const paths = {
  '/a/{id}': { parameters, get: operation, post: operation, $ref: '#/x' },
  '/b': { $ref: '#/paths/~1a~1{id}' },
}
const documents = [
  { ...swagger, paths },
  { ...three, paths },
  { ...three, openapi: '3.1.0', paths },
  { ...three, openapi: '3.2.0', paths },
]

const EVIL = [
  null,
  undefined,
  0,
  '',
  '#',
  '#/paths',
  '../x',
  true,
  [],
  [null],
  [[]],
  {},
  { $ref: 1 },
  { $ref: '#' },
  { in: null },
  { in: 'body' },
  { in: 'formData' },
  { type: null },
  { toString: 1 },
  JSON.parse('{"__proto__":{"polluted":1}}'),
]

/** Every place of a value: an object and a key of it. */
function placesIn(value: unknown, found: [object, string][] = []): [object, string][] {
  if (typeof value !== 'object' || value === null) return found
  for (const [key, inner] of Object.entries(value)) {
    found.push([value, key])
    placesIn(inner, found)
  }
  return found
}

it('reads what is left of a document of which some parts are of the wrong type', () => {
  const change = fc.record({ at: fc.nat(), to: fc.constantFrom(...EVIL) })
  const run = fc.property(
    fc.constantFrom(...documents),
    fc.array(change, { minLength: 1, maxLength: 4 }),
    (given, changes) => {
      const document = structuredClone(given)
      for (const { at, to } of changes) {
        const places = placesIn(document)
        const [object, key] = places[at % places.length] ?? [{}, '']
        Reflect.set(object, key, structuredClone(to))
      }
      const before = JSON.stringify(document)
      try {
        readApi(document)
      } catch (problem) {
        expect(problem).toBeInstanceOf(FastMCPError)
      }
      expect(JSON.stringify(document)).toBe(before)
      expect(Object.hasOwn(Object.prototype, 'polluted')).toBe(false)
    },
  )
  fc.assert(run, { numRuns: 300 })
})
