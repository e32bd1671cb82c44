import { describeEras } from '@fastmcp/ts/testing/vitest'
import { expect, it } from 'vitest'
import { mcp } from '../../examples/patterns/r4-template-nested.ts'

describeEras(
  'R4: templates with several parameters',
  (open) => {
    it.each([
      ['metrics://search/latency/hour', { service: 'search', metric: 'latency', period: 'hour', points: 60 }],
      ['org://acme/team/search/members', ['Ada', 'Grace']],
      ['org://acme/team/billing/members', []],
    ])('reads %s', async (uri, data) => {
      const client = await open(mcp)
      expect((await client.readResource(uri)).json()).toEqual(data)
    })

    it.each([
      ['files://guide/intro.md', 'Welcome'],
      ['files://guide/intro.md?lang=de', 'Willkommen'],
    ])('reads %s', async (uri, text) => {
      const client = await open(mcp)
      expect(await client.readResource(uri)).toMatchObject({ text, mimeType: 'text/markdown' })
    })

    it.each([
      'metrics://search/latency/year',
      'metrics://search/latency',
      'metrics://search/latency/hour/more',
      'org://acme/team/sales/members',
      'files://guide/intro.md?lang=fr',
      'files://__proto__',
      'files://../secret',
      'files://guide/../../secret',
      'files://guide/%2e%2e/secret',
      'files://guide%2f..%2fsecret',
      'files:///etc/passwd',
      'org://acme/team/../members',
    ])('finds nothing at %s', async (uri) => {
      const client = await open(mcp)
      await expect(client.readResource(uri)).rejects.toMatchObject({ name: 'ServerError' })
    })

    it('lists all three', async () => {
      const client = await open(mcp)
      expect((await client.templates()).map(({ uriTemplate }) => uriTemplate)).toEqual([
        'metrics://{service}/{metric}/{period}',
        'org://{org}/team/{team}/members',
        'files://{path*}{?lang}',
      ])
    })
  },
  { transports: ['memory', 'http'] },
)
