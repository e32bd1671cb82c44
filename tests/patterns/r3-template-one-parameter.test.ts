import { describeEras } from '@fastmcp/ts/testing/vitest'
import { expect, it } from 'vitest'
import { mcp } from '../../examples/patterns/r3-template-one-parameter.ts'

describeEras(
  'R3: a template with one parameter',
  (open) => {
    it('is found', async () => {
      const client = await open(mcp)
      expect(await client.templates()).toMatchObject([{ uriTemplate: 'users://{id}/profile' }])
      expect(await client.resources()).toEqual([])
      expect((await client.readResource('users://7/profile')).json()).toEqual({ id: 7, name: 'Ada' })
    })

    it.each(['users://9/profile', 'users://ada/profile', 'users://-7/profile'])('is not found: %s', async (uri) => {
      const client = await open(mcp)
      await expect(client.readResource(uri)).rejects.toMatchObject({ code: 'RESOURCE_NOT_FOUND', data: { uri } })
    })
  },
  { transports: ['memory', 'http'] },
)
