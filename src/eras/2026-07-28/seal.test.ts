import fc from 'fast-check'
import { describe, expect, it, vi } from 'vitest'
import { decodeBase64Url, encodeBase64Url } from '../../storage/base64url.ts'
import { Seal } from './seal.ts'

const bound = (text: string): Uint8Array => new TextEncoder().encode(text)
const SECRET = 'a secret of at least thirty-two bytes'
const OTHER = 'another secret of thirty-two bytes or so'

describe('a sealed text', () => {
  it('opens again, whatever it is, and says nothing of itself', async () => {
    const seal = new Seal([SECRET])
    await fc.assert(
      fc.asyncProperty(fc.string({ unit: 'grapheme' }), async (text) => {
        const sealed = await seal.seal(text, bound('here'))
        expect(await seal.open(sealed, bound('here'))).toBe(text)
        if (text.length > 8) expect(sealed).not.toContain(text)
      }),
      { numRuns: 50 },
    )
  })

  it('is never the same twice', async () => {
    const seal = new Seal([SECRET])
    expect(await seal.seal('x', bound(''))).not.toBe(await seal.seal('x', bound('')))
  })

  it('ST-01: with any bit flipped opens no more', async () => {
    const seal = new Seal([SECRET])
    const sealed = decodeBase64Url(await seal.seal('{"rounds":1}', bound('here'))) ?? new Uint8Array()
    for (let bit = 0; bit < sealed.length * 8; bit++) {
      const flipped = Uint8Array.from(sealed)
      flipped[bit >> 3] = (flipped[bit >> 3] ?? 0) ^ (1 << (bit & 7))
      expect(await seal.open(encodeBase64Url(flipped), bound('here'))).toBeUndefined()
    }
  })

  it('ST-01: cut, lengthened or made up opens no more', async () => {
    const seal = new Seal([SECRET])
    const sealed = await seal.seal('text', bound('here'))
    const wrong = [
      '',
      'x',
      '=',
      `${sealed}A`,
      `${sealed}-TAMPERED`,
      sealed.slice(0, -1),
      sealed.slice(1),
      `${sealed}==`,
    ]
    for (const text of wrong) expect(await seal.open(text, bound('here'))).toBeUndefined()
    await fc.assert(
      fc.asyncProperty(fc.oneof(fc.string(), fc.uint8Array({ maxLength: 200 }).map(encodeBase64Url)), async (text) => {
        expect(await seal.open(text, bound('here'))).toBeUndefined()
      }),
      { numRuns: 100 },
    )
  })

  it('ST-01: takes the same work to refuse, whatever is wrong', async () => {
    const seal = new Seal([SECRET, OTHER])
    const sealed = await seal.seal('text', bound('here'))
    const decrypt = vi.spyOn(crypto.subtle, 'decrypt')
    const wrong = ['', 'x', `${sealed}A`, sealed.slice(0, -4), `B${sealed.slice(1)}`, `${sealed.slice(0, -6)}AAAAAA`]
    for (const [index, text] of [...wrong, sealed].entries()) {
      expect(await seal.open(text, bound('there'))).toBeUndefined()
      expect(decrypt).toHaveBeenCalledTimes(index + 1)
    }
    decrypt.mockRestore()
  })

  it('ST-01: is good for what it is bound to, and for nothing else', async () => {
    const seal = new Seal([SECRET])
    const sealed = await seal.seal('text', bound('alice'))
    expect(await seal.open(sealed, bound('bob'))).toBeUndefined()
    expect(await seal.open(sealed, bound(''))).toBeUndefined()
  })

  it('ST-01: opens with every key of the ring, and with no other', async () => {
    const old = await new Seal([OTHER]).seal('text', bound(''))
    expect(await new Seal([SECRET, OTHER]).open(old, bound(''))).toBe('text')
    expect(await new Seal([SECRET]).open(old, bound(''))).toBeUndefined()
    const recent = await new Seal([SECRET, OTHER]).seal('text', bound(''))
    expect(await new Seal([SECRET]).open(recent, bound(''))).toBe('text')
    expect(await new Seal([new TextEncoder().encode(SECRET)]).open(recent, bound(''))).toBe('text')
  })

  it('opens only in the process that made up its key', async () => {
    const [one, another] = [new Seal([]), new Seal([])]
    const sealed = await one.seal('text', bound(''))
    expect(await one.open(sealed, bound(''))).toBe('text')
    expect(await another.open(sealed, bound(''))).toBeUndefined()
  })
})
