import { execFileSync } from 'node:child_process'
import { mkdir, rename, rm, symlink } from 'node:fs/promises'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { describe, expect, it } from 'vitest'
import { folderOf, LIBRARY, manifest, put } from '../../../tests/kit/skill-folder.ts'
import type { Change } from '../../engine/application.ts'
import { createShelf, type Shelf } from './shelf.ts'

const view = { auth: undefined, sessionId: undefined }

function shelfOf(...folders: (string | URL)[]): Shelf {
  return createShelf({ folders, prefix: '', cache: {} })
}

async function problemOf(shelf: Shelf): Promise<string> {
  const problem = await Promise.resolve(shelf.stock()).catch((thrown: unknown) => thrown)
  expect(problem).toMatchObject({ code: 'DEFINITION_ERROR' })
  return (problem as Error).message
}

describe('a folder of skills', () => {
  it('is read once, and not on the way of a call afterwards', async () => {
    const folder = await folderOf(LIBRARY)
    const shelf = shelfOf(pathToFileURL(folder))
    const [one, other] = await Promise.all([shelf.list('resource', view), shelf.list('resource', view)])
    expect(one).toBe(other)
    expect(shelf.list('resource', view)).toBe(one)
    expect(shelf.list('tool', view)).toEqual([])
    await rm(folder, { recursive: true })
    expect(shelf.find('resource', 'skill://git-workflow/SKILL.md', view)).toMatchObject({ kind: 'resource' })
  })

  it.each([
    ['no frontmatter', { 'a/SKILL.md': '# A' }, 'skill a/SKILL.md: begin the file with YAML'],
    ['YAML that is none', { 'a/SKILL.md': '---\na: b: c\n---\n' }, 'the frontmatter is not YAML'],
    ['no name', { 'a/SKILL.md': '---\ndescription: x\n---\n' }, 'the frontmatter needs a name'],
    ['a name that is no text', { '1/SKILL.md': '---\nname: 1\ndescription: x\n---\n' }, 'needs a name'],
    ['no description', { 'a/SKILL.md': '---\nname: a\n---\n' }, 'needs a description'],
    ['a blank description', { 'a/SKILL.md': '---\nname: a\ndescription: " "\n---\n' }, 'needs a description'],
    ['too long a description', { 'a/SKILL.md': `---\nname: a\ndescription: ${'x'.repeat(1_025)}\n---\n` }, '1 to 1024'],
    ['another name than its folder', { 'a/SKILL.md': manifest('b') }, 'its name is "b", but its folder is "a"'],
    ['a name that cannot be', { 'My Skill/SKILL.md': manifest('My Skill') }, 'must have a name of 1 to 64'],
    ['a name with two hyphens', { 'a--b/SKILL.md': manifest('a--b') }, 'must have a name'],
    ['metadata that is no text', { 'a/SKILL.md': manifest('a', { more: 'metadata: {v: 2}\n' }) }, 'put numbers'],
    [
      'metadata of the protocol',
      { 'a/SKILL.md': manifest('a', { more: 'metadata: {io.modelcontextprotocol/x: y}\n' }) },
      '"io.modelcontextprotocol/x" belongs to the protocol',
    ],
    ['a manifest that is no text', { 'a/SKILL.md': Uint8Array.from([0x2d, 0xff]) }, 'must be UTF-8'],
    ['a manifest that is a folder', { 'a/SKILL.md/x.md': 'x', 'a/b/SKILL.md': manifest('c') }, 'its folder is "b"'],
  ])('is refused for %s, with the file and the fix', async (_, files, words) => {
    expect(await problemOf(shelfOf(await folderOf(files)))).toContain(words)
  })

  it('must be there, and be a folder', async () => {
    const folder = await folderOf({ 'a/SKILL.md': manifest('a') })
    expect(await problemOf(shelfOf(join(folder, 'none')))).toContain('there is no such folder')
    expect(await problemOf(shelfOf(join(folder, 'a/SKILL.md')))).toContain('give the folder')
  })

  it('may stand beside others, if no skill is in both', async () => {
    const one = await folderOf({ 'a/SKILL.md': manifest('a') })
    const other = await folderOf({ 'b/SKILL.md': manifest('b') })
    expect((await shelfOf(one, other).stock()).skills.map(({ uri }) => uri)).toEqual([
      'skill://a/SKILL.md',
      'skill://b/SKILL.md',
    ])
    await put(other, 'a/SKILL.md', manifest('a'))
    expect(await problemOf(shelfOf(one, other))).toContain('another folder has skill://a/SKILL.md too')
  })
})

describe('TPL-01: links and what is no file', () => {
  it('within the folder are files like any other', async () => {
    const folder = await folderOf({ 'a/SKILL.md': manifest('a'), 'shared/note.md': 'Shared' })
    await symlink(join(folder, 'shared/note.md'), join(folder, 'a/note.md'))
    const stock = await shelfOf(folder).stock()
    expect(stock.files.get('skill://a/note.md')?.text).toBe('Shared')
  })

  it.each([
    ['out of the folder', async (folder: string, outside: string) => symlink(join(outside, 'x'), join(folder, 'a/x'))],
    [
      'out, at a manifest',
      async (folder: string, outside: string) => symlink(join(outside, 'x'), join(folder, 'b/SKILL.md')),
    ],
    [
      'out, through another',
      async (folder: string, outside: string) => {
        await symlink(join(outside, 'x'), join(folder, 'hop'))
        await symlink(join(folder, 'hop'), join(folder, 'a/x'))
      },
    ],
    ['to a folder outside', async (folder: string, outside: string) => symlink(outside, join(folder, 'a/x'))],
    [
      'to a folder beside that is called alike',
      async (folder: string) => {
        await mkdir(`${folder}-more`)
        await put(`${folder}-more`, 'x', 'secret')
        await symlink(join(`${folder}-more`, 'x'), join(folder, 'a/x'))
      },
    ],
  ])('that lead %s are refused', async (_, link) => {
    const [folder, outside] = [
      await folderOf({ 'a/SKILL.md': manifest('a'), 'b/y': 'y' }),
      await folderOf({ x: 'secret' }),
    ]
    await link(folder, outside)
    expect(await problemOf(shelfOf(folder))).toContain('a link that leads out of the folder')
    await rm(`${folder}-more`, { recursive: true, force: true })
  })

  it('that lead to a folder, to nothing or in a circle are refused', async () => {
    const folder = await folderOf({ 'a/SKILL.md': manifest('a') })
    await symlink(join(folder, 'a'), join(folder, 'a/again'))
    expect(await problemOf(shelfOf(folder))).toContain('a link to a folder')
    await rm(join(folder, 'a/again'))
    await symlink(join(folder, 'a/x'), join(folder, 'a/y'))
    expect(await problemOf(shelfOf(folder))).toContain('a link to nothing')
    await symlink(join(folder, 'a/y'), join(folder, 'a/x'))
    expect(await problemOf(shelfOf(folder))).toContain('a link to nothing')
  })

  it('that never end are not waited for', async () => {
    const folder = await folderOf({ 'a/SKILL.md': manifest('a') })
    execFileSync('mkfifo', [join(folder, 'a/pipe')])
    expect(await problemOf(shelfOf(folder))).toContain('it is no file that can be read')
  })
})

describe('a skill', () => {
  it('has at most 512 files', async () => {
    const file = (n: number) => [`a/f${n}.txt`, 'x'] as const
    const files = (count: number) => ({
      'a/SKILL.md': manifest('a'),
      ...Object.fromEntries(Array.from({ length: count }, (_, n) => file(n))),
    })
    expect((await shelfOf(await folderOf(files(511))).stock()).files.size).toBe(512)
    expect(await problemOf(shelfOf(await folderOf(files(512))))).toContain('513 files; at most 512')
  })

  it('has at most 16 MiB', async () => {
    const half = new Uint8Array(8 * 1024 * 1024)
    const folder = await folderOf({ 'a/SKILL.md': manifest('a'), 'a/x': half, 'a/y': half })
    expect(await problemOf(shelfOf(folder))).toContain('at most 16777216')
  })

  it('is text where its bytes are, to the last of them', async () => {
    const marked = '\ufeffbegins with a mark\r\n'
    const folder = await folderOf({
      'a/SKILL.md': manifest('a'),
      'a/t.txt': marked,
      'a/u': 'plain',
      'a/b': Uint8Array.of(0xc3),
    })
    const { files, resources } = await shelfOf(folder).stock()
    expect(files.get('skill://a/t.txt')?.text).toBe(marked)
    expect(resources.get('skill://a/u')?.definition.mimeType).toBe('text/plain')
    expect(resources.get('skill://a/b')?.definition.mimeType).toBe('application/octet-stream')
  })
})

describe('reloading', () => {
  function hearing(shelf: Shelf): string[] {
    const heard: string[] = []
    shelf.onChange((change: Change) => heard.push('uri' in change ? change.uri : change.kind))
    return heard
  }

  it('tells of the list where it changed, and of every file that did', async () => {
    const folder = await folderOf(LIBRARY)
    const shelf = shelfOf(folder)
    await shelf.stock()
    const heard = hearing(shelf)
    await shelf.reload()
    expect(heard).toEqual([])
    await put(folder, 'acme/billing/refunds/examples/deep/eu.csv', 'c,d,e\n')
    await shelf.reload()
    expect(heard.splice(0)).toEqual(['skill://acme/billing/refunds/examples/deep/eu.csv'])
    await rename(join(folder, 'git-workflow/SKILL.md'), join(folder, 'git-workflow/OLD.md'))
    await shelf.reload()
    expect(heard).toEqual(['resource', 'skill://git-workflow/SKILL.md'])
  })

  it('keeps what was there where it fails, and files that did not change', async () => {
    const folder = await folderOf(LIBRARY)
    const shelf = shelfOf(folder)
    const before = await shelf.stock()
    const heard = hearing(shelf)
    await put(folder, 'git-workflow/SKILL.md', 'broken')
    await expect(shelf.reload()).rejects.toMatchObject({ code: 'DEFINITION_ERROR' })
    expect([shelf.stock(), heard]).toEqual([before, []])
    await put(folder, 'git-workflow/SKILL.md', manifest('git-workflow'))
    await Promise.all([shelf.reload(), shelf.reload()])
    const after = await shelf.stock()
    const logo = 'skill://acme/billing/refunds/logo.png'
    expect(after.files.get(logo)).toBe(before.files.get(logo))
  })

  it('is tried again by the next who asks, where nothing could be read yet', async () => {
    const folder = await folderOf({ 'a/SKILL.md': 'broken' })
    const shelf = shelfOf(folder)
    await problemOf(shelf)
    await put(folder, 'a/SKILL.md', manifest('a'))
    expect(await shelf.list('resource', view)).toHaveLength(1)
  })

  it('says what is wrong with a folder that is watched', async () => {
    const folder = await folderOf(LIBRARY)
    const shelf = shelfOf(folder)
    await shelf.stock()
    let tell = (_: Error): void => undefined
    const told = new Promise<Error>((resolve) => {
      tell = resolve
    })
    const stop = shelf.watch((problem) => tell(problem))
    await put(folder, 'git-workflow/SKILL.md', 'broken')
    expect((await told).message).toContain('git-workflow/SKILL.md')
    stop()
  })
})
