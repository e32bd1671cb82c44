import { Failure } from './failure.ts'
import { type Exports, factories, isClass, isPlainFunction, isServer } from './find-server.ts'
import { nearest } from './nearest.ts'
import { hintIn, makesServer } from './source-hints.ts'

/** A loaded file in which no server was found. */
export interface Loaded {
  /** As it was typed. */
  readonly file: string
  readonly exports: Exports
  readonly source: string
}

const AT_MODULE_LEVEL =
  'The server must be exported at module level, so that it is there as soon as the file is loaded.'
const OR_EXPORT = 'Or export it as mcp, server, app or default.'

/** Says why a file gives no server, and what to write so that it does. */
export function missingServer(loaded: Loaded, name?: string): Failure {
  return name === undefined ? nothingFound(loaded) : notUnder(name, loaded)
}

/** Says that the factory that was called gave something else than a server. */
export function notFromFactory({ file }: Loaded, name: string, made: unknown): Failure {
  const shown = name === 'default' ? 'the default export' : `${name}()`
  return new Failure(
    `${file} exports no server: ${shown} returned ${kindOf(made)}`,
    `${AT_MODULE_LEVEL} Return it from the function and export it:\n\n${fixByCall(named(name))}`,
  )
}

function notUnder(name: string, loaded: Loaded): Failure {
  const { file, exports } = loaded
  const value = Object.hasOwn(exports, name) ? exports[name] : undefined
  if (isPlainFunction(value)) return wrapped(loaded, name, value)
  const names = namesOf(exports)
  const list = names.length === 0 ? 'It exports nothing.' : `It exports ${names.join(', ')}.`
  if (value !== undefined) return new Failure(`"${name}" of ${file} is no server but ${kindOf(value)}`, list)
  const near = nearest(name, names)
  return new Failure(`${file} has no export "${name}"`, near ? `${list} Did you mean ${file}:${near}?` : list)
}

function nothingFound(loaded: Loaded): Failure {
  const { file, exports } = loaded
  const servers = namesOf(exports).filter((name) => isServer(exports[name]))
  if (servers.length > 0) return underAnotherName(file, servers)
  const makers = factories(exports)
  if (makers.length > 1) return severalMakers(file, makers)
  for (const [name, value] of Object.entries(exports)) {
    if (looksLikeMaker(name, value)) return wrapped(loaded, name, value)
    const field = fieldWithServer(value)
    if (field !== undefined) return held(loaded, name, field)
  }
  return hidden(loaded) ?? empty(loaded)
}

function underAnotherName(file: string, names: readonly string[]): Failure {
  const [first] = names
  const message = `${file} exports no mcp, server, app or default`
  if (names.length === 1) return new Failure(message, `But ${first} is a server: name it as ${file}:${first}. ${OR_EXPORT}`)
  return new Failure(message, `But these are servers: ${names.join(', ')}. Name one, as in ${file}:${first}.`)
}

function severalMakers(file: string, makers: readonly { readonly name: string }[]): Failure {
  const names = makers.map(({ name }) => name)
  return new Failure(
    `${file} exports no server, but ${names.length} functions that may make one: ${names.join(', ')}`,
    `Name one, as in ${file}:${names[0]}, or export its server at module level:\n\n${fixByCall(named(names[0] ?? ''))}`,
  )
}

type AnyFunction = (...args: unknown[]) => unknown

function looksLikeMaker(name: string, value: unknown): value is AnyFunction {
  if (!isPlainFunction(value)) return false
  return /^(create|make|build)/.test(name) || name === 'default' || makesServer(String(value))
}

/** The anti-pattern: a server that is there only after a call. */
function wrapped({ file }: Loaded, name: string, value: AnyFunction): Failure {
  const shown = name === 'default' ? 'the default export' : name
  const args = value.length === 0 ? '' : '…'
  const wait = value.constructor.name === 'AsyncFunction'
  const message = `${file} exports no server: ${shown} is a function`
  const returns = /^(create|make|build)/.test(name) || /\breturn\b|=>\s*[^{\s]/.test(String(value))
  const fix = returns ? fixByCall({ name: value.name, args, wait, exported: true }) : FIX_BY_MOVE
  const how = returns ? 'Keep the function and export what it makes:' : 'Move it out of the function:'
  return new Failure(message, `${AT_MODULE_LEVEL}\n${how}\n\n${fix}`)
}

function held({ file }: Loaded, name: string, { isStatic, field }: Field): Failure {
  const owner = isStatic ? `new ${name}()` : name
  return new Failure(
    `${file} exports no server: ${name} is ${isStatic ? 'a class' : 'an object'} that holds one`,
    `${AT_MODULE_LEVEL}\nExport it beside ${name}:\n\n    export const mcp = ${owner}.${field}`,
  )
}

interface Field {
  readonly field: string
  /** Known from the text of a class, not from an object. */
  readonly isStatic: boolean
}

function fieldWithServer(value: unknown): Field | undefined {
  if (isClass(value)) {
    const [, field] = /(?:this\.|^\s*)([\p{ID_Continue}$]+)\s*=\s*new\s+FastMCP\b/mu.exec(String(value)) ?? []
    return field === undefined ? undefined : { field, isStatic: true }
  }
  if (typeof value !== 'object' || value === null) return undefined
  const field = Object.entries(value).find(([, member]) => isServer(member))?.[0]
  return field === undefined ? undefined : { field, isStatic: false }
}

/** What the text of the file shows where its exports show nothing. */
function hidden({ file, source }: Loaded): Failure | undefined {
  const hint = hintIn(source)
  if (hint === undefined) return undefined
  const { kind, name } = hint
  if (kind === 'variable') {
    const line = ['mcp', 'server', 'app'].includes(name) ? `export { ${name} }` : `export { ${name} as mcp }`
    return new Failure(
      `${file} does not export its server`,
      `Its server is the variable ${name}. Export it:\n\n    const ${name} = new FastMCP({ … })\n    ${line}`,
    )
  }
  const message = `${file} exports no server: ${name} is a ${kind}`
  if (kind === 'class') {
    return new Failure(message, `${AT_MODULE_LEVEL}\nExport it:\n\n    class ${name} { mcp = new FastMCP({ … }) }\n    export const mcp = new ${name}().mcp`)
  }
  const isMaker = /^(create|make|build|get)/.test(name)
  const fix = isMaker ? fixByCall({ name, args: '', wait: false, exported: false }) : FIX_BY_MOVE
  const how = isMaker ? 'Keep the function and export what it makes:' : 'Move it out of the function:'
  return new Failure(message, `${AT_MODULE_LEVEL}\n${how}\n\n${fix}`)
}

function empty({ file, exports }: Loaded): Failure {
  const names = namesOf(exports)
  const has = names.length === 0 ? 'It exports nothing' : `It exports ${names.join(', ')}, none of them a server`
  return new Failure(
    `${file} exports no server`,
    `${has}. Export one at module level:\n\n    import { FastMCP } from '@fastmcp/ts'\n    export const mcp = new FastMCP({ name: 'my-server', version: '1.0.0' })`,
  )
}

interface Call {
  readonly name: string
  readonly args: string
  readonly wait: boolean
  readonly exported: boolean
}

const FIX_BY_MOVE = '    export const mcp = new FastMCP({ … })\n    await mcp.run()'

function named(name: string): Call {
  return { name, args: '', wait: false, exported: true }
}

function fixByCall({ name, args, wait, exported }: Call): string {
  const known = name === '' || name === 'default' ? 'createServer' : name
  const head = `${exported ? 'export ' : ''}${wait ? 'async ' : ''}function ${known}(${args}) { … }`
  return `    ${head}\n    export const mcp = ${wait ? 'await ' : ''}${known}(${args})`
}

/** The names of the exports, without those that a module loader adds. */
function namesOf(exports: Exports): string[] {
  return Object.keys(exports).filter((name) => name !== '__esModule' && name !== 'module.exports')
}

function kindOf(value: unknown): string {
  if (value === null || value === undefined) return String(value)
  if (isClass(value)) return 'a class'
  if (value instanceof Promise) return 'a promise'
  if (Array.isArray(value)) return 'an array'
  return typeof value === 'object' ? 'an object' : `a ${typeof value}`
}
