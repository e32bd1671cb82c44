import { describe, expect, it } from 'vitest'
import { checkName } from '../../../components/component-name.ts'
import type { Route } from '../routes/route.ts'
import { checkNames } from './check-names.ts'
import { createNames } from './create-names.ts'
import { describeRoute } from './describe-route.ts'
import { cutName, safeEnds, safeName, UniqueNames } from './safe-name.ts'
import { shorten } from './shorten.ts'

const route = (facts: Partial<Route>): Route => ({
  ...{ method: 'GET', path: '/users/{id}', tags: [], deprecated: false, parameters: [], responses: [] },
  ...{ servers: [], security: [], extensions: {} },
  ...facts,
})

const nameOf = (facts: Partial<Route>): string => createNames(undefined)(route(facts)).name

describe('the name of an operation', () => {
  it.each<[string, Partial<Route>, string]>([
    ['its id', { operationId: 'listUsers', summary: 'List' }, 'listUsers'],
    ['its id in letters that are allowed', { operationId: 'issues/list for repo' }, 'issues_list_for_repo'],
    ['the function of FastAPI', { operationId: 'read_user_users__id__get' }, 'read_user'],
    ['its summary', { summary: 'Get a user!' }, 'get_a_user'],
    ['its summary where the id has no letters', { operationId: '🙂', summary: 'Get a user' }, 'get_a_user'],
    ['method and path', {}, 'get_users_id'],
    ['method and path, of the root', { method: 'POST', path: '/' }, 'post'],
    ['method and path in other letters', { path: '/użytkownicy/{ид}' }, 'get_uzytkownicy'],
  ])('is %s', (_what, facts, expected) => {
    expect(nameOf(facts)).toBe(expected)
  })

  it('is what the options say, by id or by function', () => {
    const listed = createNames({ listUsers: 'users', toString: 'no' })
    expect(listed(route({ operationId: 'listUsers' }))).toEqual({ name: 'users', wanted: 'users' })
    expect(listed(route({ operationId: 'constructor' }))).toEqual({ name: 'constructor', wanted: 'constructor' })
    const made = createNames(({ path }) => (path === '/a' ? 'my name' : undefined))
    expect(made(route({ path: '/a' }))).toEqual({ name: 'my_name', wanted: 'my name' })
    expect(made(route({ path: '/b', operationId: 'b' }))).toEqual({ name: 'b', wanted: 'b' })
  })

  it('can only be given to what there is', () => {
    const ids = [...Array.from({ length: 600 }, (_, n) => `op${n}`), 'listUsers']
    const routes = ids.map((operationId) => route({ operationId }))
    const skipped = [{ method: 'GET', path: '/x', operationId: 'left_out', reason: 'it is odd' }]
    const check = (names: object) => () => checkNames(names as Record<string, string>, { routes, skipped })
    expect(check({ listUsers: 'users', left_out: 'x' })).not.toThrow()
    expect(check({ list_user: 'x' })).toThrow(
      'names: "list_user" is no operationId of the document; did you mean "listUsers"?',
    )
    expect(check({ somethingElse: 'x' })).toThrow('names: "somethingElse" is no operationId of the document')
    expect(check({ listUsers: 5 })).toThrow('names: "listUsers" must have a text as its name')
    expect(check([])).toThrow('names must be names by operationId, or a function')
    expect(() => checkNames({ a: 'b' }, { routes: [route({})], skipped: [] })).toThrow(
      'which has none; give a function',
    )
  })

  it('OA-06: is fit for every client and told once, whatever the ids are', () => {
    const name = createNames(undefined)
    const ids = [
      '__proto__',
      '__proto__',
      '🙂🙂',
      'a'.repeat(300),
      'a'.repeat(300),
      '',
      ' ',
      '..',
      'é',
      '\u0000',
      '\ud800',
      'constructor',
      'x'.repeat(63),
      'x'.repeat(64),
    ]
    const given = ids.map((operationId) => name(route({ operationId })))
    expect(new Set(given.map((each) => each.name)).size).toBe(ids.length)
    for (const each of given) expect(() => checkName('tool', each.name)).not.toThrow()
    expect(given.slice(0, 2)).toEqual([
      { name: 'proto', wanted: '__proto__' },
      { name: 'proto_2', wanted: '__proto__' },
    ])
  })

  it('OA-06: ten thousand alike take no time', () => {
    const name = createNames(undefined)
    const began = performance.now()
    for (let i = 0; i < 10_000; i++) name(route({ operationId: 'get' }))
    expect(name(route({ operationId: 'get' })).name).toBe('get_10001')
    expect(performance.now() - began).toBeLessThan(500)
  })

  it('of functions of the same name is the whole id', () => {
    const name = createNames(undefined)
    expect(name(route({ operationId: 'get_users__id__get' })).name).toBe('get')
    expect(name(route({ operationId: 'get_items_get', path: '/items' })).name).toBe('get_items_get')
  })

  it('has its end where its beginning is taken', () => {
    const name = createNames(undefined)
    const ids = ['Policy', 'PolicyBinding', 'PolicyBindingList'].map(
      (end) => `watchAdmissionregistrationV1alpha1ValidatingAdmission${end}`,
    )
    expect(ids.map((operationId) => name(route({ operationId })).name)).toEqual([
      'watchAdmissionregistrationV1alpha1ValidatingAdmissionPolicy',
      'watchAdmissionregistrationV1alpha1_AdmissionPolicyBinding',
      'watchAdmissionregistrationV1alpha1Validating_PolicyBindingList',
    ])
    expect(ids.map(safeEnds)[0]).toBeUndefined()
  })

  it('is cut between words', () => {
    const long = 'getTheListOfAllUsersWhoHaveEverSignedInToThisApplicationFromAPhone'
    expect(safeName(long)).toBe('getTheListOfAllUsersWhoHaveEverSignedInToThisApplicationFrom')
    expect(cutName('one_two_three', 9)).toBe('one_two')
    expect(cutName('abcdefghij', 4)).toBe('abcd')
    const unique = new UniqueNames()
    unique.give('a'.repeat(64))
    expect(unique.give('a'.repeat(64))).toBe(`${'a'.repeat(62)}_2`)
  })
})

describe('what a model is told of an operation', () => {
  it.each<[string, Partial<Route>, string]>([
    ['summary and description', { summary: 'List users', description: 'Newest first.' }, 'List users. Newest first.'],
    [
      'the description that repeats the summary',
      { summary: 'List users.', description: 'List users, newest first.' },
      'List users, newest first.',
    ],
    ['only a summary', { summary: 'List users' }, 'List users'],
    ['nothing', {}, 'GET /users/{id}'],
    ['that it is deprecated', { summary: 'List', deprecated: true }, 'Deprecated. List'],
    ['words, not HTML', { description: '<p>List\n<b>users</b></p>' }, 'List users'],
    ['words within a line', { description: '<p>See <a href="/x">Users</a>.<br>A<note>B</note>' }, 'See Users. A B'],
    ['and without their titles', { description: 'a ![:x:](https://x.example/u.png ":x:") b' }, 'a :x: b'],
    ['links without targets', { description: 'See [users](https://x.example/u) and a[0](b)' }, 'See users and a[0](b)'],
    ['only what is seen', { description: 'List\u001b[2J \u202eusers\u{e0041}\u{e0042} 👩‍💻' }, 'List[2J users 👩‍💻'],
    ['a long summary as a whole', { summary: `${'Lists users. '.repeat(20)}` }, 'Lists users. '.repeat(20).trim()],
  ])('%s', (_what, facts, expected) => {
    expect(describeRoute(route(facts)).description).toBe(expected)
  })

  it('is at most 1,000 characters, to the end of a sentence', () => {
    const { description } = describeRoute(
      route({ summary: 'A', description: 'One sentence of many. '.repeat(500), deprecated: true }),
    )
    expect(description.length).toBeLessThanOrEqual(1_000)
    expect(description).toMatch(/^Deprecated\. A\. One .* many\.$/)
    const began = performance.now()
    expect(shorten('<'.repeat(1_000_000), 100)).toHaveLength(100)
    expect(shorten(' '.repeat(1_000_000), 100)).toBe('')
    expect(shorten(`${'x'.repeat(98)}🙂🙂`, 100)).toBe(`${'x'.repeat(98)}…`)
    expect(performance.now() - began).toBeLessThan(200)
  })

  it('has a title of one line', () => {
    expect(describeRoute(route({ summary: ' List\n users ' })).title).toBe('List users')
    expect(describeRoute(route({})).title).toBeUndefined()
  })

  it.each<[Route['method'], object]>([
    ['GET', { readOnlyHint: true }],
    ['HEAD', { readOnlyHint: true }],
    ['QUERY', { readOnlyHint: true }],
    ['POST', { readOnlyHint: false }],
    ['PATCH', { readOnlyHint: false }],
    ['PUT', { readOnlyHint: false, idempotentHint: true }],
    ['DELETE', { readOnlyHint: false, idempotentHint: true, destructiveHint: true }],
  ])('what %s promises', (method, expected) => {
    expect(describeRoute(route({ method })).annotations).toEqual({ ...expected, openWorldHint: true })
  })
})
