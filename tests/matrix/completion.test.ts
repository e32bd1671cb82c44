import { FastMCP } from '@fastmcp/ts'
import { describeEras } from '@fastmcp/ts/testing/vitest'
import { expect, it } from 'vitest'
import { z } from 'zod'

const LANGUAGES = ['typescript', 'tcl', 'rust']
const TEAMS: Readonly<Record<string, readonly string[]>> = { acme: ['red', 'rose'], other: ['blue'] }

function server(): FastMCP {
  const mcp = new FastMCP({ name: 'completer', version: '1.0.0', onError: () => undefined })
  mcp.prompt(
    'review',
    {
      description: 'Review code',
      input: z.object({ code: z.string(), language: z.string().optional(), many: z.string().optional() }),
      complete: {
        language: (typed) => LANGUAGES.filter((name) => name.startsWith(typed)),
        many: () => Array.from({ length: 150 }, (_, n) => `v${n}`),
      },
    },
    ({ code }) => code,
  )
  mcp.resource(
    'org://{org}/team/{team}',
    {
      complete: {
        org: async (typed) => Object.keys(TEAMS).filter((name) => name.startsWith(typed)),
        team: (typed, { others }) => (TEAMS[others.org ?? ''] ?? []).filter((name) => name.startsWith(typed)),
      },
    },
    ({ org, team }) => `${org}/${team}`,
  )
  return mcp
}

const REVIEW = { type: 'ref/prompt', name: 'review' } as const
const TEAM = { type: 'ref/resource', uri: 'org://{org}/team/{team}' } as const

describeEras('completion', (open) => {
  it('goes on from what was typed', async () => {
    const client = await open(server)
    expect((await client.complete(REVIEW, { name: 'language', value: 't' })).values).toEqual(['typescript', 'tcl'])
    expect((await client.complete(TEAM, { name: 'org', value: '' })).values).toEqual(['acme', 'other'])
  })

  it('knows the arguments already chosen', async () => {
    const client = await open(server)
    const team = (org: string) => client.complete(TEAM, { name: 'team', value: 'r' }, { others: { org } })
    expect((await team('acme')).values).toEqual(['red', 'rose'])
    expect((await team('other')).values).toEqual([])
  })

  it('gives at most a hundred and says how many there are', async () => {
    const completion = await (await open(server)).complete(REVIEW, { name: 'many', value: '' })
    expect(completion.values).toHaveLength(100)
    expect(completion).toMatchObject({ total: 150, hasMore: true })
  })

  it('has nothing for an argument without completion', async () => {
    expect((await (await open(server)).complete(REVIEW, { name: 'code', value: 'x' })).values).toEqual([])
  })

  it('refuses a prompt and a template that are not there', async () => {
    const client = await open(server)
    const argument = { name: 'x', value: '' }
    await expect(client.complete({ type: 'ref/prompt', name: 'nope' }, argument)).rejects.toMatchObject({
      rpcCode: -32602,
    })
    await expect(client.complete({ type: 'ref/resource', uri: 'nope://{x}' }, argument)).rejects.toMatchObject({
      name: 'ServerError',
    })
  })
})
