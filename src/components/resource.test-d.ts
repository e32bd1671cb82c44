import { expectTypeOf, it } from 'vitest'
import { z } from 'zod'
import type { Context } from '../engine/context.ts'
import { resource } from './resource.ts'

it('parameters are typed from the URI', () => {
  resource('users://{id}/profile{?lang}', {}, (params, ctx) => {
    expectTypeOf(params).toEqualTypeOf<{ id: string; lang?: string }>()
    expectTypeOf(ctx).toEqualTypeOf<Context>()
  })
  resource('files://{path*}{?tags*}', {}, ({ path, tags }) => {
    expectTypeOf(path).toEqualTypeOf<string>()
    expectTypeOf(tags).toEqualTypeOf<string[] | undefined>()
  })
  resource('config://app', { mimeType: 'application/json' }, () => ({ theme: 'dark' }))
  // @ts-expect-error there is no such variable
  resource('users://{id}', {}, ({ name }) => name)
  // @ts-expect-error a fixed URI has no variables
  resource('users://all', {}, ({ id }) => id)
})

it('parameters are typed from the schema where there is one', () => {
  const input = z.object({ id: z.coerce.number(), lang: z.string().default('en') })
  resource('users://{id}{?lang}', { input }, (params) => {
    expectTypeOf(params).toEqualTypeOf<{ id: number; lang: string }>()
  })
  resource('users://{id}', { input: { type: 'object', properties: { id: { type: 'string' } } } }, (params) => {
    expectTypeOf(params).toEqualTypeOf<Record<string, unknown>>()
  })
  // @ts-expect-error name is no variable of the URI
  resource('users://{id}', { input: z.object({ id: z.string(), name: z.string() }) }, ({ id }) => id)
})

it('completions are for variables only', () => {
  resource('users://{id}{?lang}', { complete: { lang: ['en'], id: (typed) => [typed.toUpperCase()] } }, () => '')
  // @ts-expect-error name is no variable of the URI
  resource('users://{id}', { complete: { name: ['a'] } }, () => '')
})

it('a completion knows the other variables by name', () => {
  resource(
    'org://{org}/team/{team}{?lang}',
    {
      complete: {
        team: (_, { others }) => {
          expectTypeOf(others).toEqualTypeOf<{ readonly org?: string; readonly lang?: string }>()
          // @ts-expect-error the variable that is being completed is not among the others
          return [others.team ?? '']
        },
      },
    },
    ({ team }) => team,
  )
})

it('a URI that is only known later gives open parameters', () => {
  const uri: string = 'users://{id}'
  resource(uri, { complete: { id: [] }, unscreened: ['id'] }, (params) => {
    expectTypeOf(params).toEqualTypeOf<Readonly<Record<string, string | string[]>>>()
  })
})
