// #region recorded
import { recordedUpstream } from '@fastmcp/ts/testing'
import { describeEras } from '@fastmcp/ts/testing/vitest'
import { expect, it } from 'vitest'
// #endregion
import { createServer } from '../patterns/x2-mocked-api.ts'

// #region recorded

describeEras('get_user', (open) => {
  it('asks for the user once', async () => {
    const api = recordedUpstream({ 'GET /users/7': { id: 7, name: 'Ada' } })
    const client = await open(createServer(api.fetch))
    expect((await client.callTool('get_user', { id: 7 })).data).toEqual({ id: 7, name: 'Ada' })
    expect(api.requests).toMatchObject([{ method: 'GET', url: 'https://jsonplaceholder.typicode.com/users/7' }])
  })
})
// #endregion
