import process from 'node:process'
import { looksSecret } from '../../schema/form-secrets.ts'
import type { AskContext, ElicitHandler } from '../asks.ts'
import type { ElicitAnswer } from '../elicit-answer.ts'
import type { FieldForm, UrlForm } from '../elicit-form.ts'
import type { FormContent, FormField, FormValue } from '../form-field.ts'
import { LineReader, type Terminal } from './line-reader.ts'
import { plainLine, plainText } from './plain-text.ts'
import { questionOf, shown } from './question.ts'
import { readTyped, SKIP, YES } from './typed-answer.ts'
import { judgeAddress, openInBrowser } from './visit.ts'

/** Where the terminal is, and how it opens addresses. */
export interface TerminalOptions {
  /** Where answers are typed; standard input by default. */
  readonly input?: Terminal['input']
  /** Where questions are printed; standard error by default, for standard output may belong to a result. */
  readonly output?: Terminal['output']
  /** Opens an address after the user's yes: the system's browser by default, false for not at all. */
  readonly open?: ((url: string) => void | Promise<void>) | false
}

/**
 * A handler that lets the user answer on a terminal: one question per field, with its choices by
 * number and its default on Enter, an error with another try, and a last look before anything is
 * sent. `:decline` refuses and `:cancel` leaves at any point, as the end of the input does. An
 * address is shown in full and opened after a yes only.
 *
 * @example
 * await using client = await connect('node server.js', { onElicit: terminalElicit() })
 */
export function terminalElicit(options: TerminalOptions = {}): ElicitHandler {
  const { input = process.stdin, output = process.stderr, open = openInBrowser } = options
  const lines = new LineReader({ input, output })
  let turn: Promise<unknown> = Promise.resolve()
  // A terminal shows one question at a time.
  return (message, form, ctx) => {
    const answer = turn.then(() => new Dialogue(lines, ctx).answer(message, form, open))
    turn = answer.catch(() => undefined)
    return answer
  }
}

/** Thrown to leave a dialogue wherever it is. */
class Left {
  readonly answer: ElicitAnswer

  constructor(answer: ElicitAnswer) {
    this.answer = answer
  }
}

class Dialogue {
  readonly #lines: LineReader
  readonly #ctx: AskContext

  constructor(lines: LineReader, ctx: AskContext) {
    this.#lines = lines
    this.#ctx = ctx
  }

  async answer(
    message: string,
    form: FieldForm | UrlForm,
    open: NonNullable<TerminalOptions['open']>,
  ): Promise<ElicitAnswer> {
    this.#introduce(message, form.mode)
    try {
      return form.mode === 'url' ? await this.#visit(form, open) : await this.#fillIn(form)
    } catch (left) {
      if (left instanceof Left) return left.answer
      throw left
    }
  }

  /** What the server says stands behind a bar, so that it cannot pass for what the client says. */
  #introduce(message: string, mode: 'form' | 'url'): void {
    const { name, server } = this.#ctx
    const who = plainLine(name ?? server?.title ?? server?.name ?? 'The server')
    const what = mode === 'url' ? 'asks you to visit an address' : 'asks'
    const quoted = plainText(message).split('\n')
    this.#lines.print(['', `${who} ${what}:`, ...quoted.map((line) => `│ ${line}`)].join('\n'))
  }

  async #fillIn({ fields }: FieldForm): Promise<ElicitAnswer> {
    if (fields.length === 0) return this.#confirm()
    this.#lines.print(`Enter takes what is in [brackets]; ${SKIP} leaves out, :decline refuses, :cancel leaves.`)
    if (fields.some(mayBeSecret)) {
      this.#lines.print('Careful: no server may ask for a password, a key or a card in a form. Do not type one here.')
    }
    const values = new Map<FormField, FormValue | undefined>()
    for (const field of fields) values.set(field, await this.#ask(field))
    await this.#review(values)
    const given = [...values].filter((pair): pair is [FormField, FormValue] => pair[1] !== undefined)
    const content: FormContent = Object.fromEntries(given.map(([{ name }, value]) => [name, value]))
    return { action: 'accept', content }
  }

  async #confirm(): Promise<ElicitAnswer> {
    this.#lines.print('Agree? [y/N]')
    return YES.has((await this.#read()).toLowerCase()) ? { action: 'accept', content: {} } : { action: 'decline' }
  }

  async #ask(field: FormField): Promise<FormValue | undefined> {
    this.#lines.print(`\n${questionOf(field)}`)
    for (;;) {
      const typed = readTyped(field, await this.#read())
      if (!('problem' in typed)) return typed.value
      this.#lines.print(`  ${plainLine(field.title)} ${typed.problem}`)
    }
  }

  /** Nothing is sent before the user has seen it as a whole and could change it. */
  async #review(values: Map<FormField, FormValue | undefined>): Promise<void> {
    const fields = [...values.keys()]
    for (;;) {
      const rows = fields.map(
        (field, index) => `  ${index + 1}  ${plainLine(field.title)}: ${shown(field, values.get(field))}`,
      )
      this.#lines.print(['', ...rows, 'Enter sends this, a number changes an answer.'].join('\n'))
      const typed = (await this.#read()).toLowerCase()
      if (typed === '' || (YES.has(typed) && typed !== '1')) return
      const field = fields[Number(typed) - 1]
      if (field === undefined) this.#lines.print('  That is no number of an answer; :decline refuses, :cancel leaves.')
      else values.set(field, await this.#ask(field))
    }
  }

  async #visit({ url, whenDone }: UrlForm, open: NonNullable<TerminalOptions['open']>): Promise<ElicitAnswer> {
    const visit = judgeAddress(url)
    if (typeof visit === 'string') {
      this.#lines.print(`  ${plainLine(url)}\nThis is refused: ${visit}.`)
      return { action: 'decline' }
    }
    const { href, host, warnings } = visit
    const question = open === false ? 'Will you visit it? [y/N]' : 'Open it in the browser? [y/N]'
    this.#lines.print(
      [`  ${href}`, `  Host: ${host}`, ...warnings.map((words) => `  Careful: ${words}.`), question].join('\n'),
    )
    if (!YES.has((await this.#read()).toLowerCase())) return { action: 'decline' }
    if (open !== false) await this.#open(href, open)
    if (whenDone) {
      this.#lines.print('Enter when you are done there.')
      await this.#read()
    }
    return { action: 'accept' }
  }

  async #open(href: string, open: (url: string) => void | Promise<void>): Promise<void> {
    try {
      await open(href)
    } catch {
      this.#lines.print('It could not be opened from here: copy the address into a browser.')
    }
  }

  /** A typed line, trimmed. Leaves the dialogue on a command, and where there is nobody to type. */
  async #read(): Promise<string> {
    const line = await this.#lines.read(this.#ctx.signal)
    if (line === undefined && this.#ctx.signal.aborted) this.#lines.print('\nNobody waits for this answer any more.')
    if (line === undefined || line.trim() === ':cancel') throw new Left({ action: 'cancel' })
    if (line.trim() === ':decline') throw new Left({ action: 'decline' })
    return line.trim()
  }
}

function mayBeSecret({ type, name, title }: FormField): boolean {
  return (type === 'string' || type === 'number' || type === 'integer') && (looksSecret(name) || looksSecret(title))
}
