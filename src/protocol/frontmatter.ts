import { parse } from 'yaml'
import { FastMCPError } from './errors.ts'
import { isRecord } from './json-rpc.ts'

/** A markdown file that begins with facts about itself in YAML, as `SKILL.md` does. */
export interface Manifest {
  /** As the author wrote it, in JSON. */
  readonly frontmatter: Readonly<Record<string, unknown>>
  /** The markdown behind it. */
  readonly body: string
}

const BLOCK = /^---[ \t]*\r?\n(?:([\s\S]*?)\r?\n)?---[ \t]*(?:\r?\n|$)/
/** The work of a YAML parser grows faster than its text: with the square of the keys, and with the depth. */
const MOST = { characters: 65_536, keys: 2_000, brackets: 500 }
const DEEPEST = 32

/** Reads a file with frontmatter. Throws `FastMCPError` that says what is wrong with it. */
export function readManifest(text: string): Manifest {
  const whole = text.startsWith('\ufeff') ? text.slice(1) : text
  const found = BLOCK.exec(whole)
  if (found === null) throw malformed('begin the file with YAML between two lines of "---"')
  return { frontmatter: parseFrontmatter(found[1] ?? ''), body: whole.slice(found[0].length) }
}

/** Reads YAML 1.2 (core schema) as a JSON object. Throws `FastMCPError`. */
export function parseFrontmatter(yaml: string): Readonly<Record<string, unknown>> {
  if (yaml.length > MOST.characters) throw malformed(`the frontmatter is longer than ${MOST.characters} characters`)
  if (count(yaml, /[:,]/g) > MOST.keys || count(yaml, /[[{]/g) > MOST.brackets) {
    throw malformed('the frontmatter has more keys or brackets than any list of facts needs')
  }
  const value = parsed(yaml)
  if (!isRecord(value)) throw malformed('the frontmatter must be keys with values, as in "name: refunds"')
  const problem = jsonProblem(value, [])
  if (problem !== undefined) throw malformed(`the frontmatter ${problem}`)
  return value
}

function parsed(yaml: string): unknown {
  try {
    return parse(yaml, { version: '1.2', schema: 'core', maxAliasCount: 100, logLevel: 'error', prettyErrors: true })
  } catch (cause) {
    const words = cause instanceof Error ? (cause.message.split('\n')[0] ?? '') : String(cause)
    throw malformed(`the frontmatter is not YAML: ${words.slice(0, 200)}`, { cause })
  }
}

function count(text: string, pattern: RegExp): number {
  return text.match(pattern)?.length ?? 0
}

/** What of a value JSON could not carry. */
function jsonProblem(value: unknown, path: readonly string[]): string | undefined {
  const place = path.length === 0 ? '' : ` at ${path.join('.').slice(0, 100)}`
  if (path.length > DEEPEST) return `nests deeper than ${DEEPEST} levels`
  if (typeof value === 'number' && !Number.isFinite(value)) return `has something that JSON has not${place}`
  if (typeof value !== 'object' || value === null) return undefined
  if (!Array.isArray(value) && Object.getPrototypeOf(value) !== Object.prototype) {
    return `has something that JSON has not${place}`
  }
  if (Object.hasOwn(value, '__proto__')) return `has the key __proto__${place}`
  for (const [key, member] of Object.entries(value)) {
    const problem = jsonProblem(member, [...path, key])
    if (problem !== undefined) return problem
  }
  return undefined
}

function malformed(problem: string, options?: ErrorOptions): FastMCPError {
  return new FastMCPError('FRONTMATTER', problem, options)
}
