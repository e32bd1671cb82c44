import { expect, it } from 'vitest'
import { type AnswerRequest, type LocalApi, startApi } from '../../../../tests/kit/local-api.ts'
import { originOf } from '../../../../tests/kit/origin.ts'
import { contextOf } from '../../../engine/backstage.ts'
import type { CallToolResult } from '../../../protocol/methods.ts'
import { guardedFetch } from '../../../upstream/egress/guarded-fetch.ts'
import { readSettings } from '../../../upstream/settings.ts'
import { planArguments } from '../arguments/plan-arguments.ts'
import { readApi } from '../document/read-api.ts'
import { compileWriter } from '../requests/compile-writer.ts'
import { compileReader } from '../responses/compile-reader.ts'
import { compileProof } from '../security/compile-proof.ts'
import { redirectsOf } from '../security/server.ts'
import { compileCall } from './compile-call.ts'

/** A download as Box has it: the file is where the API redirects to, of which the document says no more. */
const DOCUMENT = {
  openapi: '3.0.2',
  info: { title: 'Box', version: '2.0' },
  security: [{ token: [] }],
  paths: {
    '/files/{id}/content': {
      get: {
        parameters: [
          { name: 'id', in: 'path', required: true, schema: { type: 'string' } },
          { name: 'range', in: 'header', schema: { type: 'string' } },
          { name: 'boxapi', in: 'header', schema: { type: 'string' } },
        ],
        responses: {
          202: { description: 'Not ready yet', headers: { 'Retry-After': { schema: { type: 'integer' } } } },
          302: { description: 'Where the file is', headers: { Location: { schema: { type: 'string' } } } },
        },
      },
    },
  },
  components: { securitySchemes: { token: { type: 'http', scheme: 'bearer' } } },
}

/** Downloads through the guard, which lets nothing but the storage pass. */
async function download(api: LocalApi, storage: LocalApi): Promise<CallToolResult> {
  const read = await readApi(DOCUMENT)
  const [route] = read.routes
  if (route === undefined) throw new Error('There is no operation')
  const { plan } = planArguments(route, read)
  const settings = readSettings({ baseUrl: api.url, name: 'Box', retry: false })
  const guard = guardedFetch({ allow: ({ origin }) => origin === storage.url })
  const call = compileCall(route, {
    write: compileWriter(route, plan, settings.base),
    settings: { ...settings, ...redirectsOf(route, {}), abroad: guard },
    reader: compileReader(route, read, { output: 'lenient' }),
    auth: compileProof(route, read, { baseUrl: api.url, auth: { token: 'canary' } }).auth,
  })
  return call.result({ id: '7', range: 'bytes=0-2', boxapi: 'shared_link=canary' }, contextOf(originOf()))
}

function leadingTo(location: string): AnswerRequest {
  return (_, response) => void response.writeHead(302, { location }).end()
}

it('a download is read from where the API redirects to, which learns nothing that proves anybody', async () => {
  await using storage = await startApi((_, response) => {
    response.writeHead(206, { 'content-type': 'application/pdf' }).end(Buffer.from([1, 2, 3]))
  })
  await using api = await startApi(leadingTo(`${storage.url}/d/7?signature=s`))
  const { content, isError } = await download(api, storage)
  expect(isError).not.toBe(true)
  expect(content).toMatchObject([{ type: 'resource', resource: { mimeType: 'application/pdf', blob: 'AQID' } }])
  expect(api.asked[0]?.headers).toMatchObject({ authorization: 'Bearer canary', boxapi: 'shared_link=canary' })
  expect(storage.asked).toMatchObject([{ method: 'GET', url: '/d/7?signature=s', headers: { range: 'bytes=0-2' } }])
  expect(JSON.stringify(storage.asked[0]?.headers)).not.toContain('canary')
})

it('a storage that leads on into the network is not followed there', async () => {
  await using inside = await startApi(() => ({ secret: true }))
  await using storage = await startApi(leadingTo(`${inside.url}/secret`))
  await using api = await startApi(leadingTo(`${storage.url}/d/7`))
  await expect(download(api, storage)).rejects.toThrow('not a public one')
  expect(storage.asked).toHaveLength(1)
  expect(inside.asked).toEqual([])
})

it('a failure of the storage is told as one of the API, without the address that only it may know', async () => {
  await using storage = await startApi((_, response) => void response.writeHead(403).end('<Error>AccessDenied</Error>'))
  await using api = await startApi(leadingTo(`${storage.url}/d/7?signature=canary`))
  const problem = await download(api, storage).catch((caught: unknown) => caught)
  expect(problem).toMatchObject({ reason: 'status', status: 403 })
  expect(String(problem)).not.toContain('canary')
})
