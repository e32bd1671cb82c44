import { expectTypeOf, test } from 'vitest'
import { z } from 'zod'
import type { Context } from '../engine/context.ts'
import type { PathParams, PathValue } from './target.ts'
import { upstream } from './upstream.ts'

const User = z.object({ id: z.number(), born: z.string().transform((text) => new Date(text)) })
const client = upstream({ baseUrl: 'https://api.example.com', fetch })
declare const ctx: Context
declare const path: string

test('an answer is what its schema gives', () => {
  expectTypeOf(client.get('/users')).resolves.toBeUnknown()
  expectTypeOf(client.get('/users', { query: { page: 1 }, ctx })).resolves.toBeUnknown()
  expectTypeOf(client.get('/users', { output: z.array(User) })).resolves.toEqualTypeOf<{ id: number; born: Date }[]>()
  expectTypeOf(client.post('/users/{id}', { params: { id: 1 }, json: {}, output: User })).resolves.toEqualTypeOf<{
    id: number
    born: Date
  }>()
  expectTypeOf(
    client.request('PATCH', '/users/{id}', { params: { id: 1 }, output: User.optional() }),
  ).resolves.toEqualTypeOf<{ id: number; born: Date } | undefined>()
  expectTypeOf(client.get(path)).resolves.toBeUnknown()
  expectTypeOf(client.get(path, { params: { anything: 1 }, output: z.number() })).resolves.toEqualTypeOf<number>()
  expectTypeOf(client.send('GET', '/users/{id}', { params: { id: 'a' } })).resolves.toHaveProperty('status')

  expectTypeOf<PathParams<'/orgs/{org}/teams/{team}'>>().toEqualTypeOf<{
    readonly org: PathValue
    readonly team: PathValue
  }>()
})

test('requests are typed by their path', () => {
  // @ts-expect-error the path has a parameter
  client.get('/users/{id}')
  // @ts-expect-error the path has another parameter
  client.get('/users/{id}', { params: { name: 'a' } })
  // @ts-expect-error an object is no value of a path
  client.get('/users/{id}', { params: { id: {} } })
  // @ts-expect-error there is no such method
  client.request('FETCH', '/users')
  // @ts-expect-error a query has flat values
  client.get('/users', { query: { filter: { a: 1 } } })
  // @ts-expect-error a JSON Schema cannot check an answer
  client.get('/users', { output: { type: 'object' } })
})
