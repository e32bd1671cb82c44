import { PassThrough } from 'node:stream'
import { describe, expect, it, vi } from 'vitest'
import { ask, meetAsker, form as question } from '../../../tests/peers/asking-server.ts'
import { readForm } from '../elicit-form.ts'
import type { AskContext, ElicitForm } from '../index.ts'
import { type TerminalOptions, terminalElicit } from './index.ts'

const CTX: AskContext = {
  signal: new AbortController().signal,
  server: { name: 'weather', version: '1' },
  name: undefined,
}

function form(properties: object, required: readonly string[] = []): ElicitForm {
  const read = readForm({ requestedSchema: { type: 'object', properties, required } }, false)
  if (read === undefined) throw new Error('no form')
  return read
}

/** A person who types these lines; resolves with the answer and what was on the screen. */
async function type(
  asked: ElicitForm,
  lines: readonly string[],
  {
    message = 'Tell me',
    ctx = CTX,
    ...options
  }: TerminalOptions & { readonly message?: string; readonly ctx?: AskContext } = {},
) {
  const [input, output] = [new PassThrough(), new PassThrough()]
  const handler = terminalElicit({ input, output, open: false, ...options })
  input.end(lines.map((line) => `${line}\n`).join(''))
  const answer = await handler(message, asked, ctx)
  return { answer, screen: String(output.read() ?? '') }
}

describe('L1: a form on a terminal', () => {
  it('asks for text', async () => {
    const { answer, screen } = await type(form({ name: { type: 'string', title: 'Your name' } }, ['name']), [
      'Ada Lovelace',
      '',
    ])
    expect(answer).toEqual({ action: 'accept', content: { name: 'Ada Lovelace' } })
    expect(screen).toContain('weather asks:\n│ Tell me\n')
    expect(screen).toContain('\nYour name\n> ')
    expect(screen).toContain('1  Your name: Ada Lovelace')
  })

  it.each([
    ['y', true],
    ['Yes', true],
    ['n', false],
    ['FALSE', false],
  ])('asks for a yes or a no: %s', async (typed, sure) => {
    const { answer } = await type(form({ sure: { type: 'boolean' } }), [typed, ''])
    expect(answer).toEqual({ action: 'accept', content: { sure } })
  })

  it('asks for several things, an object of them', async () => {
    const fields = {
      name: { type: 'string' },
      age: { type: 'integer', minimum: 0, maximum: 150 },
      score: { type: 'number' },
      born: { type: 'string', format: 'date' },
      met: { type: 'string', format: 'date-time' },
      loud: { type: 'boolean' },
    }
    const { answer, screen } = await type(form(fields), [
      'Ada',
      '36',
      '9.5',
      '1815-12-10',
      '2030-05-17 12:00Z',
      'n',
      '',
    ])
    expect(answer).toEqual({
      action: 'accept',
      content: { name: 'Ada', age: 36, score: 9.5, born: '1815-12-10', met: '2030-05-17T12:00:00Z', loud: false },
    })
    expect(screen).toContain('age (optional, a whole number, 0 to 150)')
    expect(screen).toContain('born (optional, a day as YYYY-MM-DD)')
  })

  const colours = {
    oneOf: [
      { const: '#f00', title: 'Red' },
      { const: '#0f0', title: 'Green' },
      { const: '#00f', title: 'Blue' },
    ],
  }

  it.each([
    ['2', '#0f0'],
    ['blue', '#00f'],
    ['#f00', '#f00'],
  ])('asks for one choice, by its number or its words: %s', async (typed, colour) => {
    const { answer, screen } = await type(form({ colour: { type: 'string', ...colours } }), [typed, ''])
    expect(answer).toEqual({ action: 'accept', content: { colour } })
    expect(screen).toContain('  1) Red\n  2) Green\n  3) Blue\n')
  })

  it.each([
    ['1,3', ['#f00', '#00f']],
    ['3 1', ['#00f', '#f00']],
    ['green, 1', ['#0f0', '#f00']],
    ['none', []],
  ])('asks for several choices: %s', async (typed, list) => {
    const { answer } = await type(form({ list: { type: 'array', items: { anyOf: colours.oneOf } } }), [typed, ''])
    expect(answer).toEqual({ action: 'accept', content: { list } })
  })

  it('says what is wrong, and lets the user try again', async () => {
    const fields = {
      age: { type: 'integer', maximum: 150 },
      mail: { type: 'string', format: 'email' },
      when: { type: 'string', format: 'date' },
      colour: { type: 'string', enum: ['a', 'b'] },
      list: { type: 'array', items: { type: 'string', enum: ['a', 'b'] }, minItems: 2 },
      sure: { type: 'boolean' },
    }
    const typed = [
      'x',
      '1.5',
      '200',
      '30',
      'ada',
      'ada@example.com',
      '30.2.',
      '2030-02-30',
      '2030-02-03',
      '3',
      '1',
      '1',
      '1,1',
      '1,2',
      'hm',
      'y',
      '',
    ]
    const { answer, screen } = await type(form(fields, Object.keys(fields)), typed)
    expect(answer).toEqual({
      action: 'accept',
      content: { age: 30, mail: 'ada@example.com', when: '2030-02-03', colour: 'a', list: ['a', 'b'], sure: true },
    })
    for (const words of [
      'age must be a whole number',
      'age must be at most 150',
      'mail must be an e-mail address',
      'when must be a day',
      'colour must be the number of a choice',
      'list needs at least 2 choices',
      'list must not have the same choice twice',
      'sure must be y or n',
    ])
      expect(screen).toContain(words)
  })

  it.each([
    [':decline', 'decline'],
    [':cancel', 'cancel'],
  ])('can be left with %s at any point', async (word, action) => {
    const fields = form({ a: { type: 'string' }, b: { type: 'string' } })
    for (const before of [[], ['x'], ['x', 'y']]) {
      expect((await type(fields, [...before, word])).answer).toEqual({ action })
    }
  })

  it('is left when the input ends', async () => {
    const fields = form({ a: { type: 'string' } })
    expect((await type(fields, [])).answer).toEqual({ action: 'cancel' })
    expect((await type(fields, ['x'])).answer).toEqual({ action: 'cancel' })
  })

  it('shows everything once more, and lets it be changed, before anything is sent', async () => {
    const { answer, screen } = await type(form({ a: { type: 'string' }, b: { type: 'boolean' } }), [
      'x',
      'y',
      '1',
      'z',
      '9',
      '',
    ])
    expect(answer).toEqual({ action: 'accept', content: { a: 'z', b: true } })
    expect(screen).toContain('  1  a: x\n  2  b: yes\n')
    expect(screen).toContain('  1  a: z\n  2  b: yes\n')
    expect(screen).toContain('That is no number of an answer')
  })

  it('without fields wants a plain yes', async () => {
    expect((await type(form({}), ['y'])).answer).toEqual({ action: 'accept', content: {} })
    expect((await type(form({}), [''])).answer).toEqual({ action: 'decline' })
  })
})

describe('L2: defaults and choices', () => {
  const fields = {
    name: { type: 'string', default: 'Ada' },
    age: { type: 'integer', default: 36 },
    loud: { type: 'boolean', default: false },
    status: { type: 'string', enum: ['active', 'idle'], default: 'idle' },
    list: { type: 'array', items: { type: 'string', enum: ['a', 'b', 'c'] }, default: ['a', 'c'] },
  }

  it('are shown, and taken by Enter', async () => {
    const { answer, screen } = await type(form(fields, Object.keys(fields)), ['', '', '', '', '', ''])
    expect(answer).toEqual({
      action: 'accept',
      content: { name: 'Ada', age: 36, loud: false, status: 'idle', list: ['a', 'c'] },
    })
    for (const preset of ['name [Ada]', 'age (a whole number) [36]', 'loud (y or n) [y/N]', '[2]', '[1,3]']) {
      expect(screen).toContain(preset)
    }
  })

  it('can be left out, where the field may be', async () => {
    const { answer } = await type(form({ name: fields.name, more: { type: 'string' } }), [':skip', '', ''])
    expect(answer).toEqual({ action: 'accept', content: {} })
    const required = await type(form({ name: { type: 'string' } }, ['name']), ['', ':skip', 'x', ''])
    expect(required.answer).toEqual({ action: 'accept', content: { name: 'x' } })
    expect(required.screen.match(/name is required/g)).toHaveLength(2)
  })
})

describe('an address on a terminal', () => {
  const address = (url: string): ElicitForm => ({
    mode: 'url',
    url,
    whenDone: false,
    fields: [],
    defaults: {},
  })
  const URL = 'https://example.com/pay?order=1&very=long#part'

  it.each([
    ['y', 'accept', 1],
    ['n', 'decline', 0],
    ['', 'decline', 0],
    ['maybe', 'decline', 0],
    [':cancel', 'cancel', 0],
  ])('is shown in full and opened after a yes only: "%s"', async (typed, action, times) => {
    const open = vi.fn()
    const { answer, screen } = await type(address(URL), [typed], { open })
    expect(answer).toEqual({ action })
    expect(screen).toContain(`  ${URL}\n  Host: example.com\n`)
    expect(open).toHaveBeenCalledTimes(times)
    if (times > 0) expect(open).toHaveBeenCalledWith(URL)
  })

  it('is waited for when the call will be made again', async () => {
    const open = vi.fn()
    const asked = { ...address(URL), whenDone: true } as ElicitForm
    const done = await type(asked, ['y', ''], { open })
    expect([done.answer, done.screen]).toEqual([
      { action: 'accept' },
      expect.stringContaining('when you are done there'),
    ])
    expect((await type(asked, ['y', ':cancel'], { open })).answer).toEqual({ action: 'cancel' })
    expect((await type(asked, ['y'], { open })).answer).toEqual({ action: 'cancel' })
  })

  it('is not opened when the user is to go there alone', async () => {
    expect((await type(address(URL), ['y'], { open: false })).answer).toEqual({ action: 'accept' })
  })

  it('that cannot be opened is still the one that was agreed to', async () => {
    const open = () => Promise.reject(new Error('no browser'))
    const { answer, screen } = await type(address(URL), ['y'], { open })
    expect([answer, screen]).toEqual([{ action: 'accept' }, expect.stringContaining('copy the address')])
  })

  it.each([
    ['https://аpple.com/', 'other alphabets', 'xn--pple-43d.com'],
    ['https://xn--pple-43d.com/', 'other alphabets', 'xn--pple-43d.com'],
    ['https://apple.com@evil.example/', 'before the @', 'Host: evil.example'],
    ['http://example.com/', 'not encrypted', 'http://example.com/'],
  ])('comes with a warning: %s', async (url, words, shown) => {
    const { screen } = await type(address(url), ['n'])
    expect(screen).toContain(words)
    expect(screen).toContain(shown)
  })

  it('of this machine needs no encryption', async () => {
    for (const url of ['http://localhost:1/', 'http://127.0.0.1/', 'http://[::1]/']) {
      expect((await type(address(url), ['n'])).screen).not.toContain('Careful')
    }
  })

  it.each([
    'javascript:alert(1)',
    'file:///etc/passwd',
    'vbscript:x',
    'data:text/html,x',
    'intent://x',
    '--flag',
    'x y',
  ])('that is none is refused: %s', async (url) => {
    const open = vi.fn()
    const { answer, screen } = await type(address(url), ['y'], { open })
    expect([answer, open.mock.calls.length]).toEqual([{ action: 'decline' }, 0])
    expect(screen).toContain('This is refused')
  })
})

describe('what a server says', () => {
  it('cannot move the cursor, hide, or pass for what the client says', async () => {
    const message = 'Hi\u001b[2J\u001b[1;1H\rnow\nEnter sends this\u202Etxt.exe\u0007'
    const fields = { name: { type: 'string', title: 'a\nb\u001b[31m', description: 'x\ny\u009b' } }
    const { screen } = await type(form(fields), ['x', ''], { message })
    for (const hidden of ['\u001b', '\u0007', '\u009b', '\u202e', '\r']) expect(screen).not.toContain(hidden)
    expect(screen).toContain('│ now\n│ Enter sends this')
  })

  it('is told by the name in the config where there is one', async () => {
    const { screen } = await type(form({}), ['n'], { ctx: { ...CTX, name: 'prod\u001b[0m' } })
    expect(screen).toMatch(/^\nprod\S* asks:/)
  })

  it('is met with a warning when it seems to want a secret', async () => {
    expect((await type(form({ apiKey: { type: 'string' } }), [':cancel'])).screen).toContain('no server may ask')
    expect((await type(form({ city: { type: 'string' } }), [':cancel'])).screen).not.toContain('no server may ask')
  })
})

describe('several questions on one terminal', () => {
  it('come one after the other', async () => {
    const [input, output] = [new PassThrough(), new PassThrough()]
    const handler = terminalElicit({ input, output })
    const asked = form({ a: { type: 'string' } })
    const both = Promise.all([handler('One', asked, CTX), handler('Two', asked, CTX)])
    input.write('1\n\n2\n\n')
    expect(await both).toEqual([
      { action: 'accept', content: { a: '1' } },
      { action: 'accept', content: { a: '2' } },
    ])
    const screen = String(output.read())
    expect(screen.indexOf('│ Two')).toBeGreaterThan(screen.indexOf('Enter sends this'))
  })

  it('are put away when nobody waits for the answer any more', async () => {
    const [input, output] = [new PassThrough(), new PassThrough()]
    const handler = terminalElicit({ input, output })
    const abort = new AbortController()
    const asked = form({ a: { type: 'string' } })
    const first = handler('One', asked, { ...CTX, signal: abort.signal })
    const second = handler('Two', asked, CTX)
    await vi.waitFor(() => expect(output.readableLength).toBeGreaterThan(0))
    abort.abort()
    input.write('2\n\n')
    expect(await first).toEqual({ action: 'cancel' })
    expect(await second).toEqual({ action: 'accept', content: { a: '2' } })
    expect(String(output.read())).toContain('Nobody waits for this answer any more')
  })

  it.each(['stateless', 'stateful'] as const)('come from a real server, %s', async (era) => {
    const [input, output] = [new PassThrough(), new PassThrough()]
    const client = await meetAsker({ era, onElicit: terminalElicit({ input, output }) })
    input.write('Ada\n\n2\n\n:decline\n')
    const answers = await ask(
      client,
      { who: question({ name: { type: 'string' } }, { required: ['name'] }) },
      { what: question({ kind: { type: 'string', enum: ['a', 'b'] } }) },
      { why: question({ reason: { type: 'string' } }) },
    )
    expect(answers).toEqual([
      { who: { action: 'accept', content: { name: 'Ada' } } },
      { what: { action: 'accept', content: { kind: 'b' } } },
      { why: { action: 'decline' } },
    ])
  })
})
