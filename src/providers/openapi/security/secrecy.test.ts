import { inspect } from 'node:util'
import { expect, it } from 'vitest'
import { listenLeakily, PATHS } from '../../../../tests/hardening/canary-upstream.ts'
import { found, secret } from '../../../../tests/hardening/mark.ts'
import { apiOf, routeOf } from '../../../../tests/kit/openapi-route.ts'
import { readJson, refusalOf } from '../../../upstream/answer.ts'
import { exchange } from '../../../upstream/exchange.ts'
import { readSettings } from '../../../upstream/settings.ts'
import type { Credential } from '../options.ts'
import type { SecurityScheme } from '../routes/api.ts'
import { compileProof } from './compile-proof.ts'

/** Those that fail soon. */
const FAILING = PATHS.filter((path) => !['/mismatch', '/huge', '/hang'].includes(path))

const key = secret('a-key')
const pair = { username: 'ada', password: secret('a-password') }

it.each<readonly [string, SecurityScheme, Credential]>([
  ['a key in a header', { type: 'apiKey', in: 'header', name: 'X-Key' }, key],
  ['a key in the query', { type: 'apiKey', in: 'query', name: 'id' }, key],
  ['a key in a cookie', { type: 'apiKey', in: 'cookie', name: 'id' }, key],
  ['user and password', { type: 'http', scheme: 'basic' }, pair],
  ['a user that is a key', { type: 'http', scheme: 'basic' }, `${key}:`],
  ['a token', { type: 'http', scheme: 'bearer' }, key],
  ['something of its own', { type: 'http', scheme: 'Custom' }, key],
  ['a token of each caller', { type: 'oauth2' }, async () => key],
])('OA-09: %s is in no error of an API that gives all away', async (_, scheme, credential) => {
  const { url, close } = await listenLeakily({ secret: 'nothing', token: () => undefined })
  const route = routeOf({ security: [new Map([['it', []]])] })
  const options = { baseUrl: url, auth: { it: credential } }
  const { auth } = compileProof(route, apiOf({ schemes: new Map([['it', scheme]]) }), options)
  if (auth === undefined) throw new Error('Nothing is proved')
  const settings = readSettings({ ...options, auth: auth(undefined), retry: false })
  const fail = async (path: string): Promise<unknown> => {
    const order = {
      ...{ method: 'GET', path, url: new URL(path.slice(1), url), headers: new Headers(), body: undefined },
      ...{ limits: settings, idempotent: undefined, caller: undefined, signal: undefined },
    }
    const work = exchange(settings, order, async (response, errand) => {
      if (!response.ok) throw await refusalOf(response, errand, { most: 2_000 })
      await readJson(response, errand)
      throw new Error('It is a success')
    })
    return work.catch((problem: unknown) => problem)
  }
  const failures = await Promise.all(FAILING.map(fail))
  close()
  expect(failures.filter((problem) => !(problem instanceof Error) || /a success/.test(problem.message))).toEqual([])
  expect(String(failures.map((problem) => inspect(problem)))).toContain('[masked]')
  expect(failures.flatMap((problem) => found(inspect(problem, { depth: 12, showHidden: true })))).toEqual([])
})
