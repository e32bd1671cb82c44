import type { ElicitForm, ElicitHandler, FormContent } from '@fastmcp/ts/client'
import { describeEras } from '@fastmcp/ts/testing/vitest'
import { describe, expect, it } from 'vitest'
import { byType, mcp as workshop } from '../../examples/patterns/l1-elicitation-handler.ts'
import { callExample } from './call-example.ts'
import { typing } from './typing.ts'

describeEras('L1: a handler by type', (open) => {
  it.each([
    ['a string', 'string', 'name', 'Ada'],
    ['a whole number', 'integer', 'copies', 1],
    ['a boolean', 'boolean', 'gift', false],
    ['an enum', 'enum', 'paper', 'plain'],
    ['a multi-select', 'multi-enum', 'extras', ['frame']],
  ])('answers %s', async (_, type, name, value) => {
    const forms: ElicitForm[] = []
    const onElicit: ElicitHandler = (message, form, ctx) => {
      forms.push(form)
      return byType(message, form, ctx)
    }
    const { data } = await (await open(workshop, { onElicit })).callTool('order_print')
    expect((data as FormContent)[name]).toEqual(value)
    expect(forms[0]?.fields.find((field) => field.name === name)?.type).toBe(type)
  })

  it('answers with an object of all that is required', async () => {
    const { data } = await (await open(workshop, { onElicit: byType })).callTool('order_print')
    expect(data).toEqual({ name: 'Ada', copies: 1, gift: false, paper: 'plain', extras: ['frame'] })
  })

  it('may answer with the whole object', async () => {
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

  it.each([
    ['decline', 'Nothing ordered: decline'],
    ['cancel', 'Nothing ordered: cancel'],
  ] as const)('may %s', async (action, words) => {
    const client = await open(workshop, { onElicit: () => ({ action }) })
    expect((await client.callTool('order_print')).data).toBe(words)
  })

  it('can be a person at a terminal', async () => {
    const { onElicit, screen } = typing('A', 'Ada', '12', '2', 'y', '2', '1,3', '2030-05-17', '')
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

describe.each(['stateless', 'stateful'])('L1 in the command line, %s', (era) => {
  const line = ['l1-elicitation-handler.ts', 'order_print', '--era', era] as const

  it('asks at a terminal', async () => {
    const input = ['Ada', '2', 'y', '2', '1,3', '2030-05-17', '', ''].join('\n')
    const { code, stdout, stderr } = await callExample(line, { terminal: true, input })
    expect(stderr).toContain('workshop asks:')
    expect([code, JSON.parse(stdout)]).toEqual([
      0,
      { name: 'Ada', copies: 2, gift: true, paper: 'glossy', extras: ['frame', 'card'], by: '2030-05-17' },
    ])
  })

  it('declines where there is no terminal, and says so', async () => {
    expect(await callExample(line)).toEqual({
      code: 0,
      stdout: 'Nothing ordered: decline\n',
      stderr:
        'The server asks: What shall be printed?\n  Declined: nobody can answer here. Run this in a terminal to answer.\n',
    })
  })
})
