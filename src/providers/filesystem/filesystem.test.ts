import { mkdir, mkdtemp, rm, utimes, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describeEras } from '@fastmcp/ts/testing/vitest'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
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

  it('says so where there is no folder', async () => {
    const source = filesystem(join(folder, 'nowhere'), { watch: false })
    await expect((async () => source.list('tool', { auth: undefined, sessionId: undefined }))()).rejects.toThrow(
      /ENOENT/,
    )
  })
})
