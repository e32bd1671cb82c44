import type { Client } from '../../client/index.ts'
import { argumentsFor, readArguments, readPairs, textArguments } from '../arguments.ts'
import type { Run } from '../command.ts'
import { Failure, misuse } from '../failure.ts'
import { didYouMean } from '../nearest.ts'
import { openClient } from '../open-client.ts'
import type { Output } from '../output.ts'
import { progressLine } from '../progress.ts'
import { answerQuestions } from '../questions.ts'
import { showContent, showContents, showJson, showMessages } from '../show.ts'
import { printable } from '../table.ts'
import { valueOfFlag, type Words } from '../words.ts'

/** Calls a tool, reads a resource, or gets a prompt. */
export const run: Run = async (words, output) => {
  const line = progressLine(process.stderr)
  await using opened = await openClient(words, {
    onProgress: (report) => line.tell(report),
    onLog: ({ level, data }) => {
      line.hide()
      output.note(printable(`${level}: ${typeof data === 'string' ? data : JSON.stringify(data)}`))
      line.show()
    },
    onElicit: answerQuestions({ stdin: process.stdin, stderr: process.stderr, line, note: output.note }),
  })
  try {
    const answer = await ask(opened.client, words, opened.words)
    line.clear()
    return tell(answer, words, output)
  } finally {
    line.clear()
  }
}

interface Answer {
  readonly raw: unknown
  readonly text: string
  readonly isError: boolean
}

function tell({ raw, text, isError }: Answer, words: Words, output: Output): number {
  if (words.flags.has('json')) output.print(showJson(raw))
  else if (isError) output.note(printable(text))
  else if (text !== '') output.print(output.isTerminal ? printable(text) : text)
  return isError ? 1 : 0
}

async function ask(client: Client, words: Words, left: readonly string[]): Promise<Answer> {
  const prompt = valueOfFlag(words, 'prompt')
  if (prompt !== undefined) return getPrompt(client, words, { name: prompt, given: left })
  const [name, ...given] = left
  if (name === undefined)
    throw misuse('There is nothing to call', 'Name a tool, the URI of a resource, or --prompt <name>.')
  const tools = await client.tools()
  const tool = tools.find((known) => known.name === name)
  if (tool !== undefined) return callTool(client, words, { tool, given })
  if (name.includes(':')) return readResource(client, name, given)
  throw unknownName('tool', name, tools)
}

interface ToolCall {
  readonly tool: Awaited<ReturnType<Client['tools']>>[number]
  readonly given: readonly string[]
}

async function callTool(client: Client, words: Words, { tool, given }: ToolCall): Promise<Answer> {
  const args = { ...objectOf(words), ...argumentsFor(readPairs(given), tool.inputSchema) }
  const { raw, content, structured, isError } = await client.callTool(tool.name, args, { throwOnError: false })
  const text = content.length === 0 && structured !== undefined ? showJson(structured) : showContent(content)
  return { raw, text, isError }
}

async function readResource(client: Client, uri: string, given: readonly string[]): Promise<Answer> {
  if (given[0] !== undefined) throw misuse(`A resource takes no arguments: "${given[0]}"`, 'Everything is in its URI.')
  const [, variable] = /\{[+#./;?&]?([^}*:,]*)[^}]*\}/.exec(uri) ?? []
  if (variable !== undefined) throw misuse(`${uri} is a template`, `Put a value in place of {${variable}}.`)
  const { raw, contents } = await client.readResource(uri)
  return { raw, text: showContents(contents), isError: false }
}

interface PromptCall {
  readonly name: string
  readonly given: readonly string[]
}

async function getPrompt(client: Client, words: Words, { name, given }: PromptCall): Promise<Answer> {
  const prompts = await client.prompts()
  const prompt = prompts.find((known) => known.name === name)
  if (prompt === undefined) throw unknownName('prompt', name, prompts)
  const known = (prompt.arguments ?? []).map((argument) => argument.name)
  const args = { ...texts(objectOf(words)), ...textArguments(readPairs(given), known) }
  const raw = await client.getPrompt(name, args)
  return { raw, text: showMessages(raw.messages), isError: false }
}

/** The arguments of `--args`, to put others on top. */
function objectOf(words: Words): Readonly<Record<string, unknown>> {
  const json = valueOfFlag(words, 'args')
  return json === undefined ? {} : readArguments(json)
}

/** Arguments of prompts are text; anything else becomes its JSON. */
function texts(args: Readonly<Record<string, unknown>>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(args).map(([key, value]) => [key, typeof value === 'string' ? value : JSON.stringify(value)]),
  )
}

function unknownName(kind: 'tool' | 'prompt', name: string, known: readonly { readonly name: string }[]): Failure {
  const names = known.map((one) => one.name)
  const list = names.length === 0 ? `It has no ${kind}s at all.` : `fastmcp list shows its ${kind}s.`
  return new Failure(`The server has no ${kind} "${name}"`, didYouMean(name, names) ?? list)
}
