import { describe, expect, it } from 'vitest'
import { setQueryPair } from './query-pair.ts'

function withPair(address: string, name: string, value: string): string {
  const url = new URL(address)
  setQueryPair(url, name, value)
  return url.search
}

describe('a parameter set in a query', () => {
  it('leaves all others as they were spelled', () => {
    expect(withPair('http://a/?ids=1,2&q=a%20b&f[x]=1', 'key', 'secret')).toBe('?ids=1,2&q=a%20b&f[x]=1&key=secret')
  })

  it('takes the place of those of its name, however they are spelled', () => {
    expect(withPair('http://a/?k%65y=1&a=2&key', 'key', 'c&d=e')).toBe('?a=2&key=c%26d%3De')
  })

  it('stands alone where there was no query', () => {
    expect(withPair('http://a/', 'k', 'a b')).toBe('?k=a%20b')
  })
})
