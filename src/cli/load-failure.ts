import { readFile } from 'node:fs/promises'
import { relative } from 'node:path'
import { fileURLToPath } from 'node:url'
import { inspect } from 'node:util'
import { withoutSecrets } from '../index.ts'
import { Failure } from './failure.ts'
import { indent } from './table.ts'

/** The file that was loaded: as it was typed, and where it is. */
export interface FileAt {
  readonly file: string
  readonly path: string
}

/** Says why a file could not be loaded, in the author's terms: missing package, syntax, or what it threw. */
export async function explainLoad(problem: unknown, at: FileAt): Promise<Failure> {
  if (problem instanceof Failure) return problem
  return (
    missingImport(problem, at) ??
    (await syntaxError(problem, at)) ??
    thrown(problem, `${at.file} failed while it was loading`)
  )
}

/** Says what the author's code threw: its words and its own lines of the stack, none of ours. */
export function thrown(problem: unknown, message: string): Failure {
  if (problem instanceof Error && 'code' in problem && problem.code === 'ENVIRONMENT') {
    // It names every variable, and the line that read them tells nothing more.
    return new Failure(message, `${problem.message}\n\nSet them and run the command again.`, { cause: problem })
  }
  const shown = problem instanceof Error ? ownStack(problem) : `It threw ${inspect(problem)}, which is no error.`
  const next = 'Correct this and run the command again; --debug shows every line of the stack.'
  return new Failure(message, `${withoutSecrets(shown)}\n\n${next}`, { cause: problem })
}

function missingImport(problem: unknown, { file }: FileAt): Failure | undefined {
  if (!(problem instanceof Error) || !('code' in problem)) return undefined
  if (problem.code !== 'ERR_MODULE_NOT_FOUND' && problem.code !== 'MODULE_NOT_FOUND') return undefined
  const [, what = '', importer] =
    /^Cannot find (?:module|package) '([^']+)'(?:.* imported from (.+))?/.exec(problem.message) ?? []
  const by = importer ?? /Require stack:\n- (.+)/.exec(problem.message)?.[1]
  const where = by === undefined ? file : shorten(by)
  const told = { cause: problem }
  if (/^[./]|^file:|^[A-Za-z]:\\/.test(what)) {
    return new Failure(
      `${where} imports ${shorten(what)}, which does not exist`,
      'Correct the path of the import.',
      told,
    )
  }
  const [name] = /^(?:@[^/]+\/)?[^/]+/.exec(what) ?? [what]
  const message = `${where} needs the package ${name}, which is not installed`
  return new Failure(message, `Install it:\n\n    npm install ${name}`, told)
}

async function syntaxError(problem: unknown, at: FileAt): Promise<Failure | undefined> {
  if (!(problem instanceof Error)) return undefined
  const fault = faultOf(problem) ?? (problem.name === 'SyntaxError' ? await faultIn(at, problem) : undefined)
  if (fault === undefined) return undefined
  const { path, line, column, words } = fault
  const next = `${await excerpt(fault)}Correct it and run the command again.`
  const place = [shorten(path), line, column].filter((part) => part !== undefined).join(':')
  return new Failure(`${place} has a syntax error: ${words}`, next, { cause: problem })
}

/** The line of a fault, with a mark below it. */
async function excerpt({ path, line, column }: Fault): Promise<string> {
  if (line === undefined) return ''
  const text = (await readFile(path, 'utf8').catch(() => '')).split(/\r?\n/)[line - 1] ?? ''
  const mark = column === undefined ? '' : `\n${' '.repeat(Math.max(0, column - 1))}^`
  return `${indent(`${text}${mark}`)}\n\n`
}

interface Fault {
  readonly path: string
  readonly line?: number | undefined
  readonly column?: number | undefined
  readonly words: string
}

/** Reads where a fault is from the forms in which Node and the loader tell it. */
function faultOf(problem: Error): Fault | undefined {
  const [, loaderWords, loaderPath, loaderLine, loaderColumn] =
    /^ParseError: (.*?)\s*\n\s*(.+):(\d+):(\d+)\s*$/.exec(problem.message) ?? []
  if (loaderWords !== undefined && loaderPath !== undefined) {
    return { path: loaderPath, line: Number(loaderLine), column: Number(loaderColumn) + 1, words: loaderWords }
  }
  if (problem.name !== 'SyntaxError') return undefined
  const [, url, line, , marks] = /^(file:.+):(\d+)\n(.*\n)*?( *\^)/.exec(problem.stack ?? '') ?? []
  if (url === undefined) return undefined
  return { path: fileURLToPath(url), line: Number(line), column: marks?.length, words: problem.message }
}

/** Node keeps the place of a fault in plain JavaScript to itself, so the loader's parser is asked. */
async function faultIn({ path, file }: FileAt, problem: SyntaxError): Promise<Fault> {
  const { createJiti } = await import('jiti')
  const source = await readFile(path, 'utf8')
  const code = createJiti(import.meta.url, { fsCache: false }).transform({ source, filename: path, async: true })
  const [, json = '{}'] = /__JITI_ERROR__ = (\{.*\})/.exec(code) ?? []
  const told: unknown = JSON.parse(json)
  if (typeof told !== 'object' || told === null || !('line' in told) || !('column' in told)) {
    return { path, words: `${problem.message} (not in ${file} itself but in a file that it imports)` }
  }
  return { path, line: Number(told.line), column: Number(told.column) + 1, words: problem.message }
}

/** Our own files, and those that run the author's: not what went wrong. */
const OURS: readonly string[] = [
  '(<anonymous>)',
  new URL('..', import.meta.url).href,
  fileURLToPath(new URL('..', import.meta.url)),
  'node:internal',
  '/jiti/',
]

function ownStack(problem: Error): string {
  const lines = (problem.stack ?? String(problem)).split('\n')
  const first = lines.findIndex((line) => /^\s+at /.test(line))
  if (first < 0) return lines.join('\n')
  const frames = lines.slice(first).filter((line) => !OURS.some((place) => line.includes(place)))
  const cause = problem.cause instanceof Error ? `\nCaused by: ${problem.cause.message}` : ''
  return [...lines.slice(0, first), ...frames.map((frame) => frame.replaceAll('file://', ''))].join('\n') + cause
}

function shorten(path: string): string {
  const plain = path.startsWith('file:') ? fileURLToPath(path) : path
  const near = relative(process.cwd(), plain)
  return near.startsWith('..') || near === '' || !plain.startsWith('/') ? plain : near
}
