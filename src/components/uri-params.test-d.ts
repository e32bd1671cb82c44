import { expectTypeOf, it } from 'vitest'
import type { UriParams, UriVariable } from './uri-params.ts'

it('reads parameters from the text of a template', () => {
  expectTypeOf<UriParams<'users://{id}/profile{?lang}'>>().toEqualTypeOf<{ id: string; lang?: string }>()
  expectTypeOf<UriParams<'config://app'>>().toEqualTypeOf<Record<never, string>>()
  expectTypeOf<UriParams<'x://{a,b}/{+c}{.d}{/e}{#f}'>>().toEqualTypeOf<{
    a: string
    b: string
    c: string
    d: string
    e: string
    f: string
  }>()
  expectTypeOf<UriParams<'files://{path*}{?lang}'>>().toEqualTypeOf<{ path: string; lang?: string }>()
  expectTypeOf<UriParams<'x://y{?tags*,q}{&more}'>>().toEqualTypeOf<{ tags?: string[]; q?: string; more?: string }>()
  expectTypeOf<UriParams<'x://y{/segments*}{.parts*}{;v,w*}'>>().toEqualTypeOf<{
    segments: string[]
    parts: string[]
    v?: string
    w?: string[]
  }>()
  expectTypeOf<UriParams<'x://y{+rest*}?q={q}'>>().toEqualTypeOf<{ rest: string; q: string }>()
})

it('gives an open record for a text that is only known later', () => {
  expectTypeOf<UriParams<string>>().toEqualTypeOf<Readonly<Record<string, string | string[]>>>()
  expectTypeOf<UriVariable<string>>().toEqualTypeOf<string>()
})

it('names the variables', () => {
  expectTypeOf<UriVariable<'users://{id}/profile{?lang}'>>().toEqualTypeOf<'id' | 'lang'>()
  expectTypeOf<UriVariable<'config://app'>>().toEqualTypeOf<never>()
})
