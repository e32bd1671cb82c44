import { describeEras } from '@fastmcp/ts/testing/vitest'
import { describe, expect, it } from 'vitest'
import { mcp as coffee } from '../../examples/patterns/l2-context-aware-elicitation.ts'
import { callExample } from './call-example.ts'
import { typing } from './typing.ts'

describeEras('L2: a form with defaults and choices', (open) => {
  it('shows what came before, takes it by Enter, and lets a choice be made by its number', async () => {
    const first = typing('3', '2', '1', '')
    const client = await open(coffee, { onElicit: first.onElicit })
    expect((await client.callTool('order_coffee', { city: 'rome' })).data).toBe('2 latte at Via Appia 3')
    expect(first.screen()).toContain('  1) Via Appia 3\n  2) Piazza Navona 9\n')
    const again = typing('', '', '3', '')
    const other = await open(coffee, { onElicit: again.onElicit })
    expect((await other.callTool('order_coffee', { city: 'riga' })).data).toBe('2 latte at Barona 7')
    const shown = again.screen()
    expect(shown).toContain('drink (optional, the number of one) [3]')
    expect(shown).toContain('cups (optional, a whole number, 1 to 9) [2]')
  })

  it('carries them in the form that a program reads', async () => {
    const client = await open(coffee, {
      onElicit: (_, form) => {
        const shop = form.fields.find(({ name }) => name === 'shop')
        const last = shop?.type === 'enum' ? shop.choices.at(-1)?.value : undefined
        return { ...form.defaults, shop: last ?? '' }
      },
    })
    expect((await client.callTool('order_coffee', { city: 'riga' })).data).toMatch(/^\d \w+ at Barona 7$/)
  })

  it.each([':decline', ':cancel'])('can be left with %s', async (word) => {
    const client = await open(coffee, { onElicit: typing('', word).onElicit })
    expect((await client.callTool('order_coffee', { city: 'rome' })).data).toBe('No coffee')
  })
})

describe.each(['stateless', 'stateful'])('L2 in the command line, %s', (era) => {
  it('takes a default by Enter and a choice by its number', async () => {
    const line = ['l2-context-aware-elicitation.ts', 'order_coffee', 'city=riga', '--era', era]
    const { code, stdout } = await callExample(line, { terminal: true, input: '\n\n3\n\n' })
    expect([code, stdout]).toEqual([0, '1 espresso at Barona 7\n'])
  })
})
