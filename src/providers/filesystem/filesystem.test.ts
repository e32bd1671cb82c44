import { mkdir, mkdtemp, rm, symlink, utimes, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describeEras } from '@fastmcp/ts/testing/vitest'
import { afterEach, beforeEach, describe, expect, it, onTestFinished, vi } from 'vitest'
import { FastMCP } from '../../fastmcp.ts'
import { filesystem } from './index.ts'

const LIBRARY = JSON.stringify(new URL('../../../dist/index.js', import.meta.url).pathname)
let folder = ''

const write = async (name: string, text: string): Promise<void> => {
  await mkdir(join(folder, name, '..'), { recursive: true })
  await writeFile(join(folder, name), text)
}
const toolNamed = (name: string, answer = name): string =>
  `import { tool } from ${LIBRARY}\nexport const it: unknown = tool('${name}', { description: 'x' }, () => '${answer}')`

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'fastmcp-files-'))
  await write('one.ts', toolNamed('one'))
  await write(
    'deep/more.ts',
    `import { prompt, resource, tool } from ${LIBRARY}
export default [prompt('greet', {}, () => 'hello'), resource('config://app', {}, () => 'config')]
export const two = tool('two', { description: 'x' }, () => 'two')
export const again = two
export const nothing = 7`,
  )
  await write('node_modules/x/index.js', 'throw new Error("not ours")')
  await write('one.test.ts', 'throw new Error("not ours")')
})
afterEach(() => rm(folder, { recursive: true, force: true }))

describeEras('a folder of files', (open) => {
  it('serves what they export', async () => {
    const mcp = new FastMCP({ name: 's', version: '1' })
    mcp.mount('files', filesystem(folder, { watch: false }))
    const client = await open(mcp)
    expect((await client.tools()).map(({ name }) => name)).toEqual(['files_two', 'files_one'])
    expect((await client.callTool('files_one')).data).toBe('one')
    expect((await client.readResource('config://files/app')).text).toBe('config')
    expect(await client.prompts()).toHaveLength(1)
  })
})

describe('a folder of files', () => {
  const names = async (source: ReturnType<typeof filesystem>) =>
    (await source.list('tool', { auth: undefined, sessionId: undefined })).map(({ id }) => id)

  it('reports files that fail, and hides none of the others', async () => {
    await write('bad.ts', 'export const x = ')
    await write('thrown.ts', 'throw new Error("no database")')
    await write('twice.ts', toolNamed('one'))
    const told: string[] = []
    const source = filesystem(folder, { watch: false, onError: ({ message }) => told.push(message) })
    expect(await names(source)).toEqual(['two', 'one'])
    expect([...source.failed.keys()]).toEqual(['bad.ts', 'thrown.ts', 'twice.ts'])
    expect(told.join('\n')).toMatch(/thrown.ts cannot be used: no database/)
    expect(told.join('\n')).toMatch(/there is already a tool/)
  })

  it('reads again what has changed, and keeps what a broken file had', async () => {
    const heard: unknown[] = []
    const source = filesystem(folder, { watch: false, onError: () => undefined })
    source.onChange((change) => heard.push(change))
    expect(await names(source)).toEqual(['two', 'one'])
    await write('one.ts', toolNamed('uno'))
    await source.reload()
    expect(await names(source)).toEqual(['two', 'uno'])
    expect(heard).toEqual([{ kind: 'tool' }])
    for (const more of ["version: '2'", "version: '2', tags: ['t']"]) {
      await write('one.ts', toolNamed('uno').replace("'x'", `'x', ${more}`))
      await source.reload()
    }
    // What is seen of it may depend on either.
    expect(heard).toHaveLength(3)
    await source.reload()
    await write('one.ts', `${toolNamed('uno').replace("'x'", "'x', version: '2', tags: ['t']")} // another`)
    await source.reload()
    expect(heard).toHaveLength(3)
    await write('one.ts', 'export const x = ')
    await source.reload()
    expect(await names(source)).toEqual(['two', 'uno'])
    expect([...source.failed.keys()]).toEqual(['one.ts'])
  })

  it('reads JavaScript again, too', async () => {
    await write('plain.mjs', toolNamed('plain').replace(': unknown', ''))
    const source = filesystem(folder, { watch: false })
    expect(await names(source)).toContain('plain')
    await write('plain.mjs', toolNamed('other').replace(': unknown', ''))
    await utimes(join(folder, 'plain.mjs'), 1_000, 1_000)
    await source.reload()
    expect(await names(source)).toContain('other')
  })

  it('watches in development', async () => {
    using source = filesystem(folder, { onError: () => undefined })
    const changed = new Promise((resolve) => source.onChange(resolve))
    expect(await names(source)).toEqual(['two', 'one'])
    await write('three.ts', toolNamed('three'))
    expect(await changed).toEqual({ kind: 'tool' })
    expect(await names(source)).toContain('three')
  })

  it('is not misled by what files throw, export, or never finish', async () => {
    await write('odd.mjs', 'throw { toString() { throw new Error("no text") } }')
    await write('nothing.mjs', 'throw undefined')
    await write(
      'shapes.mjs',
      'export const a = { kind: "tool", definition: {}, call() {} }, b = { kind: "tool", id: "b", call() {} }',
    )
    await write('endless.mjs', 'await new Promise((done) => { globalThis.finishEndless = done })')
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] })
    onTestFinished(() => void vi.useRealTimers())
    const source = filesystem(folder, { watch: false, onError: () => undefined })
    const listed = names(source)
    while (!('finishEndless' in globalThis)) await new Promise((resolve) => setImmediate(resolve))
    vi.advanceTimersByTime(30_000)
    expect(await listed).toEqual(['two', 'one'])
    expect([...source.failed.keys()]).toEqual(['endless.mjs', 'nothing.mjs', 'odd.mjs'])
    expect(source.failed.get('odd.mjs')?.message).toMatch(/cannot be shown/)
    expect(source.failed.get('endless.mjs')?.message).toMatch(/Not done within/)
  })

  it('runs a file once for all that import it, and takes what is exported again for the same', async () => {
    await write(
      'deep/state.ts',
      'export const state: { runs?: number } = {}\nglobalThis.runs = (globalThis.runs ?? 0) + 1',
    )
    for (const name of ['three', 'four']) {
      await write(`${name}.ts`, `import { state } from './deep/state.ts'\nstate.runs = 1\n${toolNamed(name)}`)
    }
    await write('plain.mjs', toolNamed('plain').replace(': unknown', ''))
    await write('all.mjs', "export * from './plain.mjs'")
    await write('all.ts', "export { it as third } from './three.ts'")
    const source = filesystem(folder, { watch: false, onError: () => undefined })
    expect(await names(source)).toEqual(['plain', 'three', 'two', 'four', 'one'])
    expect([...source.failed]).toEqual([])
    expect(Reflect.get(globalThis, 'runs')).toBe(1)
  })

  it('follows no links', async () => {
    const outside = await mkdtemp(join(tmpdir(), 'fastmcp-files-'))
    onTestFinished(() => rm(outside, { recursive: true }))
    await writeFile(join(outside, 'out.mjs'), 'throw new Error("not ours")')
    await symlink(outside, join(folder, 'linked'))
    await symlink(join(outside, 'out.mjs'), join(folder, 'out.mjs'))
    await symlink(folder, join(folder, 'deep', 'round'))
    const source = filesystem(folder, { watch: false })
    expect(await names(source)).toEqual(['two', 'one'])
    expect([...source.failed]).toEqual([])
  })

  it.each(['nowhere', 'one.ts'])('says so where there is no folder: %s', (name) => {
    expect(() => filesystem(join(folder, name), { watch: false })).toThrow(
      /there is no folder .*; give one that exists/,
    )
  })
})
