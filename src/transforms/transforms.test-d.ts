import { expectTypeOf, it } from 'vitest'
import {
  describe,
  FastMCP,
  hide,
  namespace,
  only,
  type Provider,
  pipe,
  rename,
  reshapeTools,
  resourcesAsTools,
  type Transform,
  type TypedTool,
  tag,
  transformTool,
  versions,
  visibility,
} from '../index.ts'

const mcp = new FastMCP({ name: 'outer', version: '1.0.0' })
const child = new FastMCP({ name: 'child', version: '1.0.0', lifespan: () => ({ pool: 1 }) })

it('mounts servers and providers, whatever their app', () => {
  expectTypeOf(mcp.mount(child)).toEqualTypeOf<() => void>()
  mcp.mount('ns', child, { separator: '.' })
  mcp.mount('ns', child.provider)
  // @ts-expect-error the namespace comes first
  mcp.mount(child, 'ns')
  // @ts-expect-error no source
  mcp.mount('ns')
  // @ts-expect-error no source
  mcp.mount({})
  // @ts-expect-error no such option
  mcp.mount('ns', child, { prefix: 'x' })
  // @ts-expect-error a function is no source
  mcp.mount('ns', () => child)
})

it('composes transforms of any kind', () => {
  expectTypeOf(pipe(child, hide({ tags: ['x'] }), namespace('n'))).toEqualTypeOf<Provider>()
  expectTypeOf(visibility()).toExtend<Transform>()
  expectTypeOf(mcp.transform(resourcesAsTools(), versions({ from: '1' }))).toEqualTypeOf<typeof mcp>()
  // @ts-expect-error a server is no transform
  mcp.transform(child)
  // @ts-expect-error made by calling it
  pipe(child, resourcesAsTools)
})

it('selects by what components have', () => {
  hide(({ kind, tags, version }) => kind === 'tool' && tags.length > 0 && version !== undefined)
  only({ names: ['a*'], tags: ['x'], kinds: ['tool', 'template'], versions: ['1'] })
  // @ts-expect-error a list
  hide({ tags: 'x' })
  // @ts-expect-error no such kind
  only({ kinds: ['tools'] })
  // @ts-expect-error no such key
  only({ tag: ['x'] })
  // @ts-expect-error at once
  only(async () => true)
  // @ts-expect-error a selection is needed
  tag(['x'])
})

it('checks what each of them takes', () => {
  rename({ a: 'b' })
  describe({ a: { description: 'x', meta: { key: 1 } } })
  reshapeTools({ tools: { a: { enabled: false, arguments: { x: { hide: true, default: 1 } } } } })
  // @ts-expect-error a text
  rename({ a: 1 })
  // @ts-expect-error no such key
  describe({ a: { descripton: 'x' } })
  // @ts-expect-error no such key
  reshapeTools({ tools: { a: { enable: false } } })
  // @ts-expect-error data alone
  reshapeTools({ tools: { a: { run: () => 1 } } })
  // @ts-expect-error a text
  versions({ from: 2 })
})

it('gives tools by name, whose arguments nobody knows', async () => {
  const known = await mcp.getTool('search')
  expectTypeOf(known).toEqualTypeOf<TypedTool>()
  transformTool(known, {
    args: { anything: { hide: true, default: 1 }, other: { name: 'else' } },
    run: (args, forward) => {
      expectTypeOf(args.whatever).toEqualTypeOf<unknown>()
      return forward(args)
    },
  })
  mcp.add(transformTool(known, { name: 'again' }))
})
