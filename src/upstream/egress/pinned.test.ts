import { expect, it } from 'vitest'
import { startApi } from '../../../tests/kit/local-api.ts'
import { type Found, lookUpPublic } from './lookup.ts'
import { createNodeSender } from './node-sender.ts'

it('OA-04: connects to the address that was checked, whatever the name leads to afterwards', async () => {
  await using api = await startApi((_, response) => {
    response.setHeader('connection', 'close')
    return { ok: true }
  })
  const here: readonly Found[] = [{ address: '127.0.0.1', family: 4 }]
  const elsewhere: readonly Found[] = [{ address: '10.0.0.7', family: 4 }]
  // The first time it is what a test can connect to; from then on what is checked and not public.
  let looked = 0
  const guarded = (name: string) => (looked++ === 0 ? Promise.resolve(here) : lookUpPublic(name, async () => elsewhere))
  const send = createNodeSender({ guarded, free: () => Promise.reject(new Error('not this one')) })
  const url = new URL(`http://rebound.example.com:${new URL(api.url).port}`)
  const answer = await send(url, { method: 'GET' }, false)
  expect(looked).toBe(1)
  expect(await answer.json()).toEqual({ ok: true })
  await expect(send(url, { method: 'GET' }, false)).rejects.toMatchObject({ reason: 'forbidden' })
  expect(api.asked.map(({ headers }) => headers.host)).toEqual([url.host])
})
