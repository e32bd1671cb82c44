import { once } from 'node:events'
import { createServer as createHttp } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { Progress } from '@fastmcp/ts/client'
import { describeEras } from '@fastmcp/ts/testing/vitest'
import { expect, it, onTestFinished } from 'vitest'
import { createServer } from '../../examples/patterns/p1-parallel-batch.ts'

/** A real HTTP server with users; 7 of 100 are not there. It notes how many requests it had at a time. */
async function users() {
  const seen = { running: 0, most: 0, total: 0 }
  const http = createHttp((request, response) => {
    seen.total++
    seen.most = Math.max(seen.most, ++seen.running)
    const id = Number(request.url?.split('/').at(-1))
    response.once('close', () => seen.running--)
    setTimeout(() => {
      if (id % 14 === 5) response.writeHead(404).end()
      else response.end(JSON.stringify({ name: `User ${id}` }))
    }, 2)
  })
  http.listen(0, '127.0.0.1')
  await once(http, 'listening')
  onTestFinished(() => {
    http.closeAllConnections()
    http.close()
  })
  return { seen, baseUrl: `http://127.0.0.1:${(http.address() as AddressInfo).port}` } // it listens on a port
}

const ids = Array.from({ length: 100 }, (_, index) => index + 1)

describeEras(
  'P1: a batch in parallel',
  (open) => {
    it('has an outcome for each of 100, in order, of which 7 fail; and never more than ten at a time', async () => {
      const { seen, baseUrl } = await users()
      const client = await open(() => createServer({ baseUrl }))
      const { data } = await client.callTool('load_users', { ids })
      expect(data).toEqual(ids.map((id) => (id % 14 === 5 ? { id, problem: 'NOT_FOUND' } : { id, name: `User ${id}` })))
      expect(ids.filter((id) => id % 14 === 5)).toHaveLength(7)
      expect(seen.most).toBeLessThanOrEqual(10)
      expect(seen.most).toBeGreaterThan(5)
    })

    it('reports how far it is', async () => {
      const { baseUrl } = await users()
      const reports: Progress[] = []
      const client = await open(() => createServer({ baseUrl }))
      await client.callTool('load_users', { ids }, { onProgress: (report) => reports.push(report) })
      const values = reports.map(({ progress }) => progress)
      expect(values).toEqual(values.toSorted((a, b) => a - b))
      expect(reports.at(-1)).toEqual({ progress: 100, total: 100, message: 'Loading users' })
    })

    it('ends with the client', async () => {
      const { seen, baseUrl } = await users()
      const abort = new AbortController()
      const client = await open(() => createServer({ baseUrl }))
      const onProgress = () => abort.abort(new Error('Enough'))
      await expect(client.callTool('load_users', { ids }, { onProgress, signal: abort.signal })).rejects.toThrow(
        'Enough',
      )
      expect(seen.total).toBeLessThan(100)
    })
  },
  { transports: ['memory', 'http'] },
)
