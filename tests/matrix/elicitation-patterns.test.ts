import { PassThrough } from 'node:stream'
import type { ElicitForm, ElicitHandler, FormContent } from '@fastmcp/ts/client'
import { terminalElicit } from '@fastmcp/ts/client/terminal'
import { describeEras } from '@fastmcp/ts/testing/vitest'
import { expect, it } from 'vitest'
import { byType, mcp as workshop } from '../../examples/patterns/l1-elicitation-handler.ts'
import { mcp as coffee } from '../../examples/patterns/l2-context-aware-elicitation.ts'

/** A terminal where these lines are typed; what was on its screen. */
function terminal(...lines: readonly string[]) {
  const [input, output] = [new PassThrough(), new PassThrough()]
  input.write(lines.map((line) => `${line}\n`).join(''))
  return { onElicit: terminalElicit({ input, output }), screen: () => String(output.read() ?? '') }
}

describeEras('L1: a handler by type', (open) => {
  it('fills in every type of field', async () => {
    const forms: ElicitForm[] = []
    const onElicit: ElicitHandler = (message, form, ctx) => {
      forms.push(form)
      return byType(message, form, ctx)
    }
    const client = await open(workshop, { onElicit })
    expect((await client.callTool('order_print')).data).toEqual({
      name: 'Ada',
      copies: 1,
      gift: false,
      paper: 'plain',
      extras: ['frame'],
    })
    expect(forms[0]?.fields.map(({ type }) => type)).toEqual([
      'string',
      'integer',
      'boolean',
      'enum',
      'multi-enum',
      'date',
    ])
  })

  it.each([
    ['decline', 'Nothing ordered: decline'],
    ['cancel', 'Nothing ordered: cancel'],
  ] as const)('may %s', async (action, words) => {
    const client = await open(workshop, { onElicit: () => ({ action }) })
    expect((await client.callTool('order_print')).data).toBe(words)
  })

  it('may give content alone, all of it or what is required', async () => {
    const whole: FormContent = {
      name: 'Bea',
      copies: 3,
      gift: true,
      paper: 'glossy',
      extras: ['card', 'stand'],
      by: '2030-01-02',
    }
    const client = await open(workshop, { onElicit: () => whole })
    expect((await client.callTool('order_print')).data).toEqual(whole)
  })

  it('can be a person at a terminal', async () => {
    const { onElicit, screen } = terminal('A', 'Ada', '12', '2', 'y', '2', '1,3', '2030-05-17', '')
    const client = await open(workshop, { onElicit })
    expect((await client.callTool('order_print')).data).toEqual({
      name: 'Ada',
      copies: 2,
      gift: true,
      paper: 'glossy',
      extras: ['frame', 'card'],
      by: '2030-05-17',
    })
    const shown = screen()
    expect(shown).toContain('name must have at least 2 characters')
    expect(shown).toContain('copies must be at most 9')
  })
})

describeEras('L2: a form with defaults and choices', (open) => {
  it('shows what came before, takes it by Enter, and lets a choice be made by its number', async () => {
    const first = terminal('3', '2', '1', '')
    const client = await open(coffee, { onElicit: first.onElicit })
    expect((await client.callTool('order_coffee', { city: 'rome' })).data).toBe('2 latte at Via Appia 3')
    expect(first.screen()).toContain('  1) Via Appia 3\n  2) Piazza Navona 9\n')
    const again = terminal('', '', '3', '')
    const other = await open(coffee, { onElicit: again.onElicit })
    expect((await other.callTool('order_coffee', { city: 'riga' })).data).toBe('2 latte at Barona 7')
    const shown = again.screen()
    expect(shown).toContain('drink (optional, the number of one) [3]')
    expect(shown).toContain('cups (optional, a whole number, 1 to 9) [2]')
  })

  it.each([':decline', ':cancel'])('can be left with %s', async (word) => {
    const client = await open(coffee, { onElicit: terminal('', word).onElicit })
    expect((await client.callTool('order_coffee', { city: 'rome' })).data).toBe('No coffee')
  })
})
