import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { mask, secretsIn } from './mask.ts'

const secret = fc.string({ unit: 'grapheme', minLength: 12, maxLength: 60 }).filter((text) => text.trim() === text)
const spell = fc.constantFrom<(text: string) => string>(
  (text) => text,
  (text) => encodeURIComponent(text),
  (text) => new URLSearchParams({ '': text }).toString().slice(1),
  (text) => JSON.stringify(text).slice(1, -1),
  (text) => Buffer.from(text).toString('base64'),
)

describe('mask', () => {
  it('leaves no secret in a text, in no spelling', () => {
    const check = (secrets: string[], spelled: (text: string) => string, words: string): void => {
      const text = secrets.map((each) => `${words} ${spelled(each)}`).join(' ')
      const masked = mask(text, secrets)
      for (const each of secrets) expect(masked).not.toContain(spelled(each))
    }
    fc.assert(fc.property(fc.array(secret, { minLength: 1, maxLength: 4 }), spell, fc.string(), check))
  })

  it('leaves nothing of a secret that another one begins', () => {
    expect(mask('sent abcdefgh-and-more', ['abcdefgh', 'abcdefgh-and-more'])).toBe('sent [masked]')
  })

  it('takes the shortest secrets out of no words, but out from between them', () => {
    expect(mask('GET /pets?t=1 with t and $( : not found', ['t', '$('])).toBe(
      'GET /pets?[masked]=1 with [masked] and [masked] : not found',
    )
  })

  it('leaves plain words as they are', () => {
    const words = 'No user 42 in /orgs/acme/teams: the name "Ada" is taken (code 7). Try again in 30 s.'
    expect(mask(words, ['a secret that is not in it'])).toBe(words)
  })

  it('takes its time for no text', () => {
    const begun = performance.now()
    for (const part of ['eyJ', '-eyJ.', '://a', 'token=', 'a1', '-----BEGIN A', 'bearer ', '=+-_']) {
      mask(part.repeat(16_384 / part.length), ['s3cret-s3cret'])
    }
    expect(performance.now() - begun).toBeLessThan(1_000)
  })
})

describe('secretsIn', () => {
  it('takes headers for secret unless they are known to be plain', () => {
    const headers = new Headers({
      accept: 'application/json',
      'content-type': 'application/json',
      'x-team': 'blue',
      'x-key': 'k1',
      'x-mine': 'something long',
      authorization: `Basic ${btoa('me:pass word')}`,
    })
    expect(secretsIn(headers).toSorted()).toEqual(
      [
        'k1',
        'something long',
        `Basic ${btoa('me:pass word')}`,
        btoa('me:pass word'),
        'me:pass word',
        'pass word',
        'long',
      ].toSorted(),
    )
  })
})
