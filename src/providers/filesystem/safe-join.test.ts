import { mkdir, mkdtemp, realpath, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { safeJoin } from './safe-join.ts'

let place: string
let folder: string

beforeAll(async () => {
  place = await realpath(await mkdtemp(join(tmpdir(), 'safe-join-')))
  folder = join(place, 'notes')
  await mkdir(join(folder, 'deep'), { recursive: true })
  await mkdir(join(place, 'notes-more'))
  await Promise.all(
    ['notes/a.md', 'notes/deep/b.md', 'notes/..c', 'secret', 'notes-more/x'].map((file) =>
      writeFile(join(place, file), file),
    ),
  )
  await symlink(join(folder, 'deep/b.md'), join(folder, 'inward'))
  await symlink(join(place, 'secret'), join(folder, 'outward'))
  await symlink(place, join(folder, 'up'))
  await symlink(join(place, 'notes-more'), join(folder, 'alike'))
  await symlink(join(folder, 'round'), join(folder, 'round'))
})
afterAll(() => rm(place, { recursive: true, force: true }))

describe('TPL-01: what is below a folder', () => {
  it.each([
    ['a.md', 'a.md'],
    ['deep/b.md', 'deep/b.md'],
    ['deep/./b.md', 'deep/b.md'],
    ['inward', 'deep/b.md'],
    ['..c', '..c'],
    ['', '.'],
  ])('%j is %s', async (path, real) => {
    expect(await safeJoin(folder, path)).toBe(join(folder, real))
  })

  it('is found through a link to the folder itself', async () => {
    await symlink(folder, join(place, 'link'))
    expect(await safeJoin(join(place, 'link'), 'a.md')).toBe(join(folder, 'a.md'))
  })

  it.each([
    '../secret',
    'deep/../../secret',
    '..%2fsecret',
    '%252e%252e/secret',
    '..\\secret',
    '/etc/passwd',
    'C:\\windows',
    '\\\\server\\share',
    '~/secret',
    'a.md\0',
    '．．/secret',
    'outward',
    'up/secret',
    'up/notes/a.md/../../secret',
    'alike/x',
    'round',
    'none.md',
    'a.md/x',
    'x'.repeat(5_000),
  ])('%j is not', async (path) => {
    await expect(safeJoin(folder, path)).rejects.toMatchObject({
      code: 'NOT_FOUND',
      message: `There is no ${path.slice(0, 200)}`,
    })
  })

  it('names that differ in case or in their normal form are other names, or the same file by its real name', async () => {
    await writeFile(join(folder, 'Caf\u00e9'), '')
    for (const name of ['caf\u00e9', 'CAF\u00c9', 'Cafe\u0301']) {
      const found = await safeJoin(folder, name).catch((problem: { code?: string }) => problem.code)
      expect([join(folder, 'Caf\u00e9'), 'NOT_FOUND']).toContain(found)
    }
  })

  it('needs a folder that is there', async () => {
    await expect(safeJoin(join(place, 'none'), 'a.md')).rejects.toMatchObject({ code: 'SETTING' })
  })
})
