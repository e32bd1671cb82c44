import { describe, expect, it } from 'vitest'
import { connect } from '../../client/index.ts'
import { FastMCP } from '../../index.ts'
import type { Provider, View } from '../../providers/provider.ts'

function library(): FastMCP {
  const mcp = new FastMCP({ name: 'library', version: '1.0.0' })
  mcp.tool('search_books', { description: 'Search' }, () => 'found')
  mcp.prompt('review', {}, () => 'Review this')
  mcp.resource('config://app', {}, () => 'dark')
  mcp.resource('books://{isbn}', { complete: { isbn: ['1'] } }, ({ isbn }) => isbn)
  return mcp
}

/** Shows `secret_search` to one caller alone. */
function forAlice(source: Provider): Provider {
  const isHers = ({ auth }: View): boolean => auth?.subject === 'alice'
  return {
    perCaller: true,
    list: (kind, view) => (isHers(view) ? source.list(kind, view) : []),
    find: (kind, id, view) => (isHers(view) ? source.find(kind, id, view) : undefined),
    onChange: (listener) => source.onChange(listener),
  }
}

describe('a name that is not there', () => {
  it('is answered with the nearest one that is', async () => {
    await using client = await connect(library())
    const argument = { name: 'isbn', value: '' }
    await expect(client.callTool('searchBook')).rejects.toThrow(
      'Unknown tool: searchBook. Did you mean "search_books"?',
    )
    await expect(client.getPrompt('reviews')).rejects.toThrow('Unknown prompt: reviews. Did you mean "review"?')
    await expect(client.readResource('config://ap')).rejects.toMatchObject({
      code: 'RESOURCE_NOT_FOUND',
      message: 'Resource not found: config://ap. Did you mean "config://app"?',
      data: { uri: 'config://ap' },
    })
    await expect(client.complete({ type: 'ref/resource', uri: 'book://{isbn}' }, argument)).rejects.toThrow(
      'Did you mean "books://{isbn}"?',
    )
  })

  it('is answered plainly where nothing is near', async () => {
    await using client = await connect(library())
    await expect(client.callTool('weather')).rejects.toThrow(/^Unknown tool: weather$/)
    await expect(client.callTool('__proto__')).rejects.toThrow(/^Unknown tool: __proto__$/)
  })

  it('is not answered with a name that the caller may not see', async () => {
    const hidden = new FastMCP({ name: 'hidden', version: '1.0.0' })
    hidden.tool('secret_search', { description: 'Search' }, () => 'found')
    const mcp = library()
    mcp.mount(forAlice(hidden.provider))
    await using alice = await connect(mcp, { auth: { subject: 'alice' } })
    await using bob = await connect(mcp, { auth: { subject: 'bob' } })
    await expect(alice.callTool('secretsearch')).rejects.toThrow('Did you mean "secret_search"?')
    await expect(bob.callTool('secretsearch')).rejects.toThrow(/^Unknown tool: secretsearch$/)
    await expect(bob.callTool('secret_search')).rejects.toThrow(/^Unknown tool: secret_search$/)
  })
})
