import { describe, expect, it } from 'vitest'
import { resource } from './components/resource.ts'
import { createRegistrar } from './registrar.ts'

function registrar() {
  const reports: Error[] = []
  const made = createRegistrar({ onDuplicate: 'replace', report: (problem) => void reports.push(problem) })
  const add = (...uris: string[]): void => made.add(uris.map((uri) => resource(uri, {}, () => uri)))
  return { made, add, words: () => reports.map(({ message }) => message) }
}

describe('TPL-03: templates that match the same URIs', () => {
  it('are reported once, when the second is registered, and the first answers', () => {
    const { made, add, words } = registrar()
    add('users://{id}', 'teams://{id}', 'users://me-{rest}', 'users://{name}.{ext}')
    expect(words()).toEqual([
      'Both "users://{id}" and "users://me-{rest}" match some URIs: "users://{id}" answers those, for it came first',
      'Both "users://{id}" and "users://{name}.{ext}" match some URIs: "users://{id}" answers those, for it came first',
    ])
    expect(made.provider.find('template', 'users://me-7', { auth: undefined, sessionId: undefined })).toMatchObject({
      id: 'users://{id}',
    })
  })

  it('are not reported for the same template again, nor for one that is gone', () => {
    const { made, add, words } = registrar()
    add('users://{id}', 'users://{id}')
    made.remove('template', 'users://{id}')
    add('users://{name}', 'users://all')
    expect(words()).toEqual([])
  })

  it('are found among a thousand in no time', () => {
    const { add, words } = registrar()
    const started = performance.now()
    add(...Array.from({ length: 1_000 }, (_, n) => `api://host/v1/things-${n}/{id}/parts/{part}`))
    expect(performance.now() - started).toBeLessThan(5_000)
    expect(words()).toEqual([])
  })
})
