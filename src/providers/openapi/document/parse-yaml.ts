import type { Composer, Document } from 'yaml'
import { DEEPEST } from './copy-document.ts'
import { unusable } from './document-error.ts'
import { valueOfYaml } from './yaml-value.ts'

/** A third of these parts takes about a second. */
const MOST = { parts: 2_000_000, directives: 20 }

type Yaml = typeof import('yaml')

/**
 * What a text of YAML 1.2 says, as JSON could say it. It is read step by step, and given up at the first thing that is
 * wrong or too much: the work of readers can grow faster than their text.
 */
export async function parseYaml(text: string): Promise<unknown> {
  const yaml = await import('yaml')
  return valueOfYaml(documentIn(text, yaml)?.contents, yaml)
}

function documentIn(text: string, yaml: Yaml): Document.Parsed | undefined {
  const parser = new yaml.Parser()
  const composer = createComposer(text, yaml)
  const bounds = new Bounds(yaml)
  let found: Document.Parsed | undefined
  const take = (documents: ReturnType<Composer['next']>): void => {
    for (const document of documents) {
      if (found !== undefined) throw unusable('is YAML of more than one document; give the one that is to be read')
      found = document
    }
  }
  const compose = (tokens: ReturnType<typeof parser.next>): void => {
    for (const token of tokens) {
      if (token.type === 'error') throw malformed(text, token.message, token.offset)
      take(composer.next(token))
    }
  }
  for (const part of new yaml.Lexer().lex(text)) {
    bounds.pass(part)
    compose(parser.next(part))
  }
  compose(parser.end())
  take(composer.end())
  const [error] = found?.errors ?? []
  if (error !== undefined) throw malformed(text, error.message, error.pos[0])
  return found
}

/** It would go on after an error, and keep millions of them. */
function createComposer(text: string, { Composer }: Yaml): Composer {
  const composer = new Composer({ version: '1.2', schema: 'core', uniqueKeys: false, keepSourceTokens: false })
  let first: Error | undefined
  const onError = (source: unknown, _code: string, message: string, isWarning?: boolean): void => {
    if (isWarning === true) return
    // It catches what is thrown, and reports that too.
    first ??= malformed(text, message, offsetOf(source))
    throw first
  }
  return Object.assign(composer, { onError })
}

/** How far the reader goes; it nests its own calls as deep as brackets nest. */
class Bounds {
  readonly #tokenType: Yaml['CST']['tokenType']
  #parts = 0
  #directives = 0
  #depth = 0

  constructor({ CST }: Yaml) {
    this.#tokenType = CST.tokenType
  }

  pass(part: string): void {
    if (part === '[' || part === '{') this.#depth++
    else if (part === ']' || part === '}') this.#depth--
    else if (part.startsWith('%') && this.#tokenType(part) === 'directive-line') this.#directives++
    if (this.#depth > DEEPEST) throw unusable(`nests deeper than ${DEEPEST} levels`)
    if (++this.#parts > MOST.parts || this.#directives > MOST.directives) {
      throw unusable('is more YAML than can be read; convert it to JSON')
    }
  }
}

/** Where an error was found is told in one of several ways. */
function offsetOf(source: unknown): number {
  if (typeof source === 'number') return source
  if (Array.isArray(source)) return Number(source[0])
  if (typeof source !== 'object' || source === null) return 0
  if ('offset' in source) return Number(source.offset)
  return 'range' in source && Array.isArray(source.range) ? Number(source.range[0]) : 0
}

function malformed(text: string, problem: string, offset: number): Error {
  const line = (text.slice(0, offset).match(/\n/g)?.length ?? 0) + 1
  return unusable(`is neither JSON nor YAML: ${problem.slice(0, 200)}, at line ${line}`)
}
