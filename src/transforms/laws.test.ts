import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { originOf } from '../../tests/kit/origin.ts'
import type { AnyComponent, Kind } from '../components/component.ts'
import { KINDS } from '../components/component.ts'
import { resource } from '../components/resource.ts'
import { tool } from '../components/tool.ts'
import { compareVersions, isVersion } from '../components/version.ts'
import { contextOf } from '../engine/backstage.ts'
import { FastMCP } from '../fastmcp.ts'
import { latest } from '../providers/latest.ts'
import { createLocalProvider } from '../providers/local.ts'
import type { Provider, Transform, View } from '../providers/provider.ts'
import { dereference } from './dereference.ts'
import { describe as describing, tag } from './describe.ts'
import { hide, only } from './hide.ts'
import { namespace } from './namespace.ts'
import { pipe } from './pipe.ts'
import { promptsAsTools } from './prompts-as-tools.ts'
import { rename } from './rename.ts'
import { reshapeTools } from './reshape-tools.ts'
import { resourcesAsTools } from './resources-as-tools.ts'
import { versions } from './versions.ts'
import { visibility } from './visibility.ts'

const ANYONE: View = { auth: undefined, sessionId: undefined }
const context = contextOf(originOf())
const RUNS = { numRuns: 60 }

const name = fc.stringMatching(/^[A-Za-z0-9_.-]{1,12}$/)
const names = fc.uniqueArray(name, { maxLength: 6 })
const namespaces = fc.array(
  fc.record({ namespace: fc.stringMatching(/^[a-b_.-]{1,3}$/), separator: fc.constantFrom('_', '', '.', '-', '__') }),
  { maxLength: 4 },
)
const scheme = fc.constantFrom('a:', 'a://', 'data+x://', 'urn:', 'b:/')
const uris = fc.uniqueArray(
  fc.tuple(scheme, fc.stringMatching(/^[a-b/:.%_-]{0,6}$/)).map(([start, rest]) => `${start}${rest}x`),
  { maxLength: 6 },
)

function child(tools: readonly string[], resources: readonly string[]): FastMCP {
  const mcp = new FastMCP({ name: 'child', version: '1' })
  for (const id of tools) mcp.tool(id, { description: 'x' }, () => id)
  for (const id of tools) mcp.prompt(id, { description: 'x' }, () => id)
  for (const uri of resources) mcp.resource(uri, {}, () => uri)
  mcp.resource('tpl://{id}', {}, ({ id }) => `template ${id}`)
  return mcp
}

function idsOf(source: Provider, kind: Kind): readonly string[] {
  return (source.list(kind, ANYONE) as readonly AnyComponent[]).map(({ id }) => id)
}

function found(source: Provider, kind: Kind, id: string): AnyComponent | undefined {
  return source.find(kind, id, ANYONE) as AnyComponent | undefined
}

/** What a component gives, and for resources under which URI. */
async function worked(component: AnyComponent | undefined, uri = component?.id ?? ''): Promise<unknown> {
  switch (component?.kind) {
    case 'tool':
      return (await component.call({}, context)).content[0]
    case 'prompt':
      return (await component.get({}, context)).messages[0]?.content
    case 'resource':
    case 'template':
      return (await component.read(uri, context)).contents[0]
    default:
      return undefined
  }
}

describe('a server mounted under any namespaces, to any depth', () => {
  it('is there once, whole, and works', async () => {
    await fc.assert(
      fc.asyncProperty(names, uris, namespaces, async (tools, resources, wheres) => {
        const inner = child(tools, resources)
        let mcp = inner
        for (const { namespace: ns, separator } of wheres) {
          const next = new FastMCP({ name: 'outer', version: '1' })
          next.mount(ns, mcp, { separator })
          mcp = next
        }
        for (const kind of KINDS) {
          const [shown, own] = [idsOf(mcp.provider, kind), idsOf(inner.provider, kind)]
          expect(new Set(shown).size).toBe(own.length)
          for (const [place, id] of shown.entries()) {
            const component = found(mcp.provider, kind, id)
            expect(component?.id).toBe(id)
            if (kind === 'template') continue
            const gives = await worked(component)
            expect(gives).toMatchObject(kind === 'resource' ? { uri: id, text: own[place] } : { text: own[place] })
          }
          // Nothing answers under a name of the child that is not one of the parent, too.
          for (const id of own) if (!shown.includes(id)) expect(found(mcp.provider, kind, id)).toBeUndefined()
        }
        const [template = ''] = idsOf(mcp.provider, 'template')
        const uri = template.replace('{id}', '7')
        expect(await worked(found(mcp.provider, 'template', uri), uri)).toMatchObject({ uri, text: 'template 7' })
      }),
      RUNS,
    )
  })

  it('answers to nothing that it does not list', () => {
    fc.assert(
      fc.property(
        names,
        uris,
        namespaces,
        fc.oneof(
          name,
          uris.map(([first = 'x://y']) => first),
        ),
        (tools, resources, wheres, id) => {
          const seen = wheres.reduce<Provider>(
            (source, where) => namespace(where.namespace, where)(source),
            pipe(child(tools, resources)),
          )
          for (const kind of ['tool', 'prompt', 'resource'] as const) {
            expect(found(seen, kind, id) !== undefined).toBe(idsOf(seen, kind).includes(id))
          }
        },
      ),
      RUNS,
    )
  })
})

describe('other names', () => {
  it('lead to one thing each, or are refused', async () => {
    const pairs = fc.dictionary(fc.constantFrom('a', 'b', 'c', 'd'), fc.constantFrom('a', 'b', 'c', 'x', 'y'))
    await fc.assert(
      fc.asyncProperty(fc.subarray(['a', 'b', 'c', 'd']), pairs, async (tools, changes) => {
        let seen: Provider
        try {
          seen = pipe(child(tools, []), rename(changes))
        } catch (problem) {
          expect(String(problem)).toMatch(/rename/)
          return
        }
        const shown = idsOf(seen, 'tool')
        expect([...shown].sort()).toEqual(tools.map((id) => changes[id] ?? id).sort())
        for (const old of tools) {
          expect(await worked(found(seen, 'tool', changes[old] ?? old))).toMatchObject({ text: old })
          if (!shown.includes(old)) expect(found(seen, 'tool', old)).toBeUndefined()
        }
      }),
      RUNS,
    )
  })
})

describe('hide and only', () => {
  it('share a source between them, whatever is selected', () => {
    const pattern = fc.stringMatching(/^[a-c*]{1,4}$/)
    const short = fc.uniqueArray(fc.stringMatching(/^[a-c]{1,4}$/), { maxLength: 8 })
    fc.assert(
      fc.property(short, fc.array(pattern, { minLength: 1, maxLength: 3 }), (tools, patterns) => {
        const source = pipe(child(tools, []))
        const [rest, chosen] = [hide({ names: patterns })(source), only({ names: patterns })(source)]
        const isMeant = (id: string) => patterns.some((each) => new RegExp(`^${each.replaceAll('*', '.*')}$`).test(id))
        expect(idsOf(chosen, 'tool')).toEqual(tools.filter(isMeant))
        expect(idsOf(rest, 'tool')).toEqual(tools.filter((id) => !isMeant(id)))
        for (const id of tools) {
          expect(found(chosen, 'tool', id) !== undefined).toBe(isMeant(id))
          expect(found(rest, 'tool', id) !== undefined).toBe(!isMeant(id))
        }
      }),
      RUNS,
    )
  })
})

describe('transforms in any order', () => {
  const ALL: Readonly<Record<string, () => Transform>> = {
    namespace: () => namespace('n'),
    rename: () => rename({ a: 'z' }),
    hide: () => hide({ names: ['*b'] }),
    only: () => only({ kinds: ['tool', 'resource'] }),
    describe: () => describing({ a: { description: 'y' } }),
    tag: () => tag(['t'], { kinds: ['tool'] }),
    versions: () => versions({ from: '1' }),
    visibility: () => visibility({ disabled: { tags: ['t'] } }),
    resourcesAsTools: () => resourcesAsTools(),
    promptsAsTools: () => promptsAsTools(),
    dereference: () => dereference(),
    reshapeTools: () => reshapeTools({ tools: { a: { description: 'y' } } }),
  }

  it('list the same list, and find what it holds, as long as nothing changes', () => {
    fc.assert(
      fc.property(fc.shuffledSubarray(Object.keys(ALL)), (chosen) => {
        const mcp = child(['a', 'b', 'c'], ['x://y'])
        const seen = pipe(mcp, ...chosen.map((each) => ALL[each]?.() ?? ((source: Provider) => source)))
        for (const kind of KINDS) {
          const before = seen.list(kind, ANYONE)
          expect(seen.list(kind, ANYONE)).toBe(before)
          const ids = idsOf(seen, kind)
          expect(new Set(ids).size).toBe(ids.length)
          for (const [place, id] of ids.entries()) {
            expect(found(seen, kind, id)).toBe((before as readonly AnyComponent[])[place])
          }
        }
        const [tools, prompts] = [seen.list('tool', ANYONE), seen.list('prompt', ANYONE)]
        mcp.tool('later', { description: 'x' }, () => 1)
        expect(seen.list('prompt', ANYONE)).toBe(prompts)
        const [after, kept] = [seen.list('tool', ANYONE), tools] as readonly (readonly AnyComponent[])[]
        // What was there before is still the very same.
        expect(kept?.every((each) => after?.includes(each))).toBe(true)
      }),
      RUNS,
    )
  })
})

describe('versions', () => {
  const version = fc.oneof(
    fc.constantFrom(undefined, 'beta', 'x'),
    fc
      .tuple(fc.array(fc.nat(12), { minLength: 1, maxLength: 3 }), fc.constantFrom('', '-rc.1', '-rc.2', '-1', '-rc'))
      .map(([numbers, stage]) => `${numbers.join('.')}${stage}`),
  )

  it('are in one order', () => {
    fc.assert(
      fc.property(version, version, version, (a, b, c) => {
        const sign = (one?: string, other?: string) => Math.sign(compareVersions(one, other))
        expect(sign(a, a)).toBe(0)
        expect(sign(a, b) + sign(b, a)).toBe(0)
        if (sign(a, b) <= 0 && sign(b, c) <= 0) expect(sign(a, c)).toBeLessThanOrEqual(0)
      }),
      { numRuns: 500 },
    )
  })

  it('answer by the highest that is shown, which is the one that is listed', () => {
    const several = fc.uniqueArray(version, {
      minLength: 1,
      maxLength: 5,
      comparator: (a, b) => compareVersions(a, b) === 0,
    })
    fc.assert(
      fc.property(several, fc.infiniteStream(fc.boolean()), version, (all, coin, asked) => {
        const local = createLocalProvider()
        const hidden = new Set(all.filter(() => coin.next().value))
        for (const each of all) {
          local.add(tool('t', { description: 'x', ...(each !== undefined && { version: each }) }, () => 1))
          local.add(resource('x://{id}', each === undefined ? {} : { version: each }, () => 1))
        }
        const ways = [
          hide(({ version: own }) => hidden.has(own)),
          visibility({ disabled: ({ version: own }) => hidden.has(own) }),
        ]
        const highest = all
          .filter((each) => !hidden.has(each))
          .reduce((one, other) => (compareVersions(one, other) > 0 ? one : other), undefined)
        const isAny = all.some((each) => !hidden.has(each))
        for (const way of ways) {
          const seen = way(local)
          const listed = latest(seen).list('tool', ANYONE) as readonly AnyComponent[]
          expect(listed.map((each) => each.version)).toEqual(isAny ? [highest] : [])
          expect(found(seen, 'tool', 't')?.version).toBe(highest)
          expect(found(seen, 'template', 'x://1')?.version).toBe(highest)
          const one = seen.find('tool', 't', { ...ANYONE, version: asked }) as AnyComponent | undefined
          if (asked !== undefined && one !== undefined) {
            expect(isVersion(one.version, asked) && !hidden.has(one.version)).toBe(true)
          }
        }
      }),
      { numRuns: 200 },
    )
  })
})
