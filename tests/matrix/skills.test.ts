import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import { FastMCP, McpError, method, pipe, resourcesAsTools } from '@fastmcp/ts'
import type { Client } from '@fastmcp/ts/client'
import { getSkill, listSkills, offersSkills, readSkill, readSkillFolder, type Skill } from '@fastmcp/ts/client/skills'
import { type SkillsOptions, skills } from '@fastmcp/ts/skills'
import { describeEras } from '@fastmcp/ts/testing/vitest'
import { expect, it, vi } from 'vitest'
import { folderOf, LIBRARY, manifest, put } from '../kit/skill-folder.ts'

async function library(options?: SkillsOptions, files = LIBRARY): Promise<FastMCP> {
  return serving(await folderOf(files), options)
}

function serving(folder: string, options?: SkillsOptions): FastMCP {
  return new FastMCP({ name: 'library', version: '1.0.0', onError: () => undefined }).extend(skills(folder, options))
}

const names = (all: readonly Skill[]) => all.map(({ uri }) => uri)
const REFUNDS = 'skill://acme/billing/refunds'

describeEras('skills', (open, { era }) => {
  it('are advertised, with folders and resources', async () => {
    const client = await open(() => library())
    expect(client.capabilities.extensions).toEqual({ 'io.modelcontextprotocol/skills': { directoryRead: true } })
    expect(client.capabilities.resources).toEqual({ subscribe: true, listChanged: true })
    expect(offersSkills(client)).toBe(true)
  })

  it('are listed in the order of their URIs, with all that they say of themselves and all their files', async () => {
    const client = await open(() => library())
    const all = await listSkills(client)
    expect(names(all)).toEqual([`${REFUNDS}/SKILL.md`, `${REFUNDS}/partial/SKILL.md`, 'skill://git-workflow/SKILL.md'])
    expect(all[2]?.frontmatter).toEqual({
      name: 'git-workflow',
      description: 'What git-workflow is for',
      license: 'Apache-2.0',
      metadata: { version: '2.1' },
    })
    const resources = all[0]?.resources === 'dynamic' ? [] : (all[0]?.resources ?? [])
    expect(resources.map(({ uri, size }) => [uri, size])).toEqual([
      [`${REFUNDS}/SKILL.md`, manifest('refunds').length],
      [`${REFUNDS}/examples/deep/eu.csv`, 4],
      [`${REFUNDS}/examples/e%20mail%2B1.md`, 13],
      [`${REFUNDS}/logo.png`, 10],
      [`${REFUNDS}/partial/SKILL.md`, manifest('partial').length],
    ])
    expect(resources.every(({ digest }) => /^sha256:[0-9a-f]{64}$/.test(digest))).toBe(true)
  })

  it('are resources too, of which the manifests are listed', async () => {
    const client = await open(() => library())
    expect(await client.resources()).toEqual([
      {
        uri: `${REFUNDS}/SKILL.md`,
        name: 'refunds',
        description: 'What refunds is for',
        mimeType: 'text/markdown',
        size: manifest('refunds').length,
      },
      expect.objectContaining({ name: 'partial' }),
      expect.objectContaining({ name: 'git-workflow' }),
    ])
    expect((await client.readResource(`${REFUNDS}/examples/deep/eu.csv`)).text).toBe('a,b\n')
    const logo = await client.readResource(`${REFUNDS}/logo.png`)
    expect([logo.mimeType, logo.bytes]).toEqual(['image/png', LIBRARY['acme/billing/refunds/logo.png']])
  })

  it('are read verified, file by file', async () => {
    const client = await open(() => library())
    for (const skill of await listSkills(client)) {
      const { frontmatter, body, verified } = await readSkill(client, skill)
      expect([frontmatter, body, verified]).toEqual([skill.frontmatter, `\n# ${skill.frontmatter.name}\n`, true])
    }
    const skill = await getSkill(client, `${REFUNDS}/SKILL.md`)
    const letter = await readSkill(client, skill, { file: 'examples/e mail+1.md' })
    expect([letter.text, letter.mimeType, letter.verified]).toEqual(['Dear customer', 'text/markdown', true])
    expect((await readSkill(client, skill, { file: 'logo.png' })).bytes.length).toBe(10)
    await expect(readSkill(client, skill, { file: '.secret' })).rejects.toMatchObject({ reason: 'unlisted' })
  })

  it('are listed page by page, no skill on two pages', async () => {
    const client = await open(() => library({ pageSize: 2 }))
    const first = await client.request<{ skills: Skill[]; nextCursor?: string }>('skills/list')
    expect(names(first.skills)).toEqual([`${REFUNDS}/SKILL.md`, `${REFUNDS}/partial/SKILL.md`])
    const second = await client.request<typeof first>('skills/list', { cursor: first.nextCursor })
    expect([names(second.skills), second.nextCursor]).toEqual([['skill://git-workflow/SKILL.md'], undefined])
    expect(await listSkills(client)).toHaveLength(3)
    for (const cursor of ['', 'x', btoa('file:/etc'), 'é']) {
      await expect(client.request('skills/list', { cursor })).rejects.toMatchObject({ rpcCode: -32602 })
    }
    await expect(client.request('skills/list', { cursor: 7 })).rejects.toMatchObject({ rpcCode: -32602 })
  })

  it('have folders that can be listed, one level at a time', async () => {
    const client = await open(() => library())
    const children = async (uri: string) =>
      (await readSkillFolder(client, uri)).map(({ name, mimeType }) => `${name} ${mimeType}`)
    expect(await children(REFUNDS)).toEqual([
      'refunds text/markdown',
      'examples inode/directory',
      'logo.png image/png',
      'partial inode/directory',
    ])
    expect(await children(`${REFUNDS}/examples`)).toEqual(['deep inode/directory', 'e mail+1.md text/markdown'])
    expect(await children(`${REFUNDS}/examples/deep`)).toEqual(['eu.csv text/csv'])
    const odd = [
      `${REFUNDS}/SKILL.md`,
      `${REFUNDS}/`,
      `${REFUNDS}/none`,
      'skill://acme',
      'file:///etc',
      '__proto__',
      '',
    ]
    for (const uri of odd) await expect(readSkillFolder(client, uri)).rejects.toMatchObject({ rpcCode: -32602 })
  })

  it('are not to be had, and have no files, anywhere else', async () => {
    const client = await open(() => library())
    const noSkills = ['skill://none/SKILL.md', `${REFUNDS}/examples/deep/eu.csv`, REFUNDS, '__proto__']
    for (const uri of noSkills) {
      await expect(client.request('skills/get', { uri })).rejects.toMatchObject({ rpcCode: -32602, data: { uri } })
    }
    const noFiles = [
      `${REFUNDS}/.secret`,
      `${REFUNDS}/.git/config`,
      `${REFUNDS}/../../../README.md`,
      `${REFUNDS}/%2e%2e/refunds/SKILL.md`,
      'skill://README.md',
      'skill://git-workflow/skill.md',
      'skill://git-workflow',
    ]
    for (const uri of noFiles) {
      await expect(client.readResource(uri)).rejects.toMatchObject({ code: 'RESOURCE_NOT_FOUND' })
    }
  })

  it('tell how long they may be kept, where results can say so', async () => {
    const client = await open(() => library({ cache: { ttlMs: 7_000, cacheScope: 'public' } }))
    const asked: [string, Record<string, unknown>][] = [
      ['skills/list', {}],
      ['skills/get', { uri: `${REFUNDS}/SKILL.md` }],
      ['resources/directory/read', { uri: REFUNDS }],
      ['resources/read', { uri: `${REFUNDS}/SKILL.md` }],
    ]
    for (const [request, params] of asked) {
      const { ttlMs, cacheScope, nextCursor } = await client.request(request, params)
      expect([ttlMs, cacheScope, nextCursor]).toEqual(
        era === 'stateless' ? [7_000, 'public', undefined] : [undefined, undefined, undefined],
      )
    }
  })

  it('may be put under a path, and a folder may be one itself', async () => {
    const folder = await folderOf(LIBRARY)
    const client = await open(serving(join(folder, 'acme/billing/refunds'), { prefix: 'shop/v2' }))
    expect(names(await listSkills(client))).toEqual([
      'skill://shop/v2/refunds/SKILL.md',
      'skill://shop/v2/refunds/partial/SKILL.md',
    ])
  })

  it('may be none at all', async () => {
    const client = await open(() => library({}, { 'README.md': 'x' }))
    expect(await listSkills(client)).toEqual([])
    expect(await client.resources()).toEqual([])
    expect(client.capabilities.resources).toBeDefined()
  })

  it('that are watched change under the eyes of clients, which are told', async () => {
    const folder = await folderOf(LIBRARY)
    const mcp = serving(folder, { reload: true })
    const client = await open(mcp)
    const before = await getSkill(client, `${REFUNDS}/SKILL.md`)
    const told = heard(mcp)
    await put(folder, 'acme/billing/refunds/SKILL.md', manifest('refunds', { body: 'Changed' }))
    await told(`contents ${REFUNDS}/SKILL.md`)
    const after = await getSkill(client, `${REFUNDS}/SKILL.md`)
    await expect(readSkill(client, before, { fresh: true })).rejects.toMatchObject({ code: 'SKILL_VERIFICATION' })
    expect((await readSkill(client, after, { fresh: true })).body).toBe('\nChanged')
    await put(folder, 'new-one/SKILL.md', manifest('new-one'))
    await told('contents skill://new-one/SKILL.md')
    expect(names(await listSkills(client))).toContain('skill://new-one/SKILL.md')
    await rm(join(folder, 'git-workflow'), { recursive: true })
    await told('contents skill://git-workflow/SKILL.md')
    expect(names(await listSkills(client))).not.toContain('skill://git-workflow/SKILL.md')
    await mcp.close()
  })
})

/** Resolves each time that a change is told. */
function heard(mcp: FastMCP): (words: string) => Promise<void> {
  const seen: string[] = []
  let look = (): void => undefined
  mcp.provider.onChange((change) => {
    seen.push('uri' in change ? `contents ${change.uri}` : change.kind)
    look()
  })
  return (words) =>
    new Promise((resolve) => {
      look = () => (seen.includes(words) ? resolve() : undefined)
      look()
    })
}

describeEras('a server that lies about its skills', (open) => {
  const uri = 'skill://pdf/SKILL.md'
  const text = manifest('pdf')
  const digest = 'sha256:4c2b5b6cd9d0ae4da6f5a1e2b28d8b0f3a0f53b5cbbf8a9fd3b1a6d9b8cf2a11'
  const cache = {}

  function lying(entry: Record<string, unknown>): FastMCP {
    const mcp = new FastMCP({ name: 'liar', version: '1.0.0', onError: () => undefined })
    const skill = { uri, frontmatter: { name: 'pdf', description: 'What pdf is for' }, resources: 'dynamic', ...entry }
    mcp.resource(uri, { mimeType: 'text/markdown' }, () => text)
    return mcp.extend({
      id: 'io.modelcontextprotocol/skills',
      methods: {
        'skills/list': method({ requiresClient: false, cache }, () => ({ skills: [skill] })),
        'skills/get': method({ requiresClient: false, cache, params: { type: 'object' } }, () => {
          throw new McpError('INVALID_PARAMS', 'No such skill')
        }),
      },
    })
  }

  const load = async (client: Client) => {
    const [skill] = await listSkills(client)
    if (skill === undefined) throw new Error('no skill')
    return readSkill(client, skill)
  }

  it.each([
    ['size', { resources: [{ uri, digest, size: 3 }] }],
    ['digest', { resources: [{ uri, digest, size: text.length }] }],
    ['frontmatter', { frontmatter: { name: 'pdf', description: 'Something else' } }],
    ['frontmatter', { frontmatter: { name: 'pdf', description: 'What pdf is for', license: 'MIT' } }],
  ])('about the %s is found out', async (reason, entry) => {
    const client = await open(lying(entry))
    await expect(load(client)).rejects.toMatchObject({ code: 'SKILL_VERIFICATION', reason, uri })
  })

  it('about nothing is believed, as far as it promises anything', async () => {
    const client = await open(lying({}))
    expect(await load(client)).toMatchObject({ verified: false, body: '\n# pdf\n' })
  })

  it.each([
    ['a name that cannot be', { uri: 'skill://Pdf/SKILL.md', frontmatter: { name: 'Pdf', description: 'x' } }],
    ['a file outside', { resources: [{ uri: 'skill://other/SKILL.md', digest, size: 1 }] }],
    ['no files', { resources: undefined }],
    ['a digest that is none', { resources: [{ uri, digest: 'md5:1', size: 1 }] }],
  ])('with %s is refused, or the entry left out', async (_, entry) => {
    const client = await open(lying(entry))
    await expect(listSkills(client)).rejects.toMatchObject({ code: 'INVALID_ANSWER' })
    const told: string[] = []
    expect(await listSkills(client, { onInvalid: ({ reason }) => told.push(reason) })).toEqual([])
    expect(told).toHaveLength(1)
  })
})

describeEras('skills that are mounted', (open) => {
  it('are resources wherever the mount puts them, live, and tools for hosts that read none', async () => {
    const folder = await folderOf(LIBRARY)
    const mcp = new FastMCP({ name: 'outer', version: '1.0.0' })
    mcp.mount(skills(folder, { prefix: 'plain' }))
    mcp.mount('team', pipe(skills(folder, { reload: true }), resourcesAsTools()))
    const client = await open(mcp)
    const manifests = async (): Promise<readonly string[]> => (await client.resources()).map(({ uri }) => uri)
    expect(await manifests()).toContain('skill://plain/git-workflow/SKILL.md')
    expect(await manifests()).toContain('skill://team/git-workflow/SKILL.md')
    const uri = `skill://team/acme/billing/refunds/SKILL.md`
    expect((await client.readResource(uri)).text).toBe(manifest('refunds'))
    expect((await client.callTool('team_read_resource', { uri })).text).toContain('What refunds is for')
    expect(client.capabilities.extensions).toBeUndefined()

    await put(folder, 'late/SKILL.md', manifest('late'))
    await vi.waitFor(async () => expect(await manifests()).toContain('skill://team/late/SKILL.md'))
    expect(await manifests()).not.toContain('skill://plain/late/SKILL.md')
    await mcp.close()
  })
})

it('skills that are mounted keep the server from starting where one of them cannot be', async () => {
  const mcp = new FastMCP({ name: 'outer', version: '1.0.0', onError: () => undefined })
  mcp.mount(skills(await folderOf({ 'wrong/SKILL.md': 'no frontmatter' })))
  await expect(mcp.listen({ port: 0 })).rejects.toThrow('wrong/SKILL.md: begin the file with YAML')
})
