import { Failure } from './failure.ts'
import { type Exports, factories, isClass, isPlainFunction, isServer } from './find-server.ts'
import { nearest } from './nearest.ts'
import { exportWhatItHolds, exportWhatItMakes, moveItOut } from './server-fix.ts'
import { hintIn, makesServer } from './source-hints.ts'

/** A loaded file in which no server was found. */
export interface Loaded {
  /** As it was typed. */
  readonly file: string
  readonly exports: Exports
  readonly source: string
}

/** Says why a file gives no server, and what to write so that it does. */
export function missingServer(loaded: Loaded, name?: string): Failure {
  return name === undefined ? nothingFound(loaded) : notUnder(name, loaded)
}

/** Says that the factory that was called gave something else than a server. */
export function notFromFactory(file: string, name: string, made: unknown): Failure {
  const shown = name === 'default' ? 'the default export' : `${name}()`
  return new Failure(
    `${file} exports no server: ${shown} returned ${kindOf(made)}`,
    exportWhatItMakes({ name, forgetsReturn: true }),
  )
}

function notUnder(name: string, { file, exports }: Loaded): Failure {
  const value = Object.hasOwn(exports, name) ? exports[name] : undefined
  const names = namesOf(exports)
  const list = names.length === 0 ? 'It exports nothing.' : `It exports ${names.join(', ')}.`
  if (looksLikeMaker(name, value)) return wrapped(file, name, value)
  if (value !== undefined) return new Failure(`${name} of ${file} is ${kindOf(value)}, not a server`, list)
  const near = nearest(name, names)
  return new Failure(`${file} has no export "${name}"`, near ? `${list} Did you mean ${file}:${near}?` : list)
}

function nothingFound(loaded: Loaded): Failure {
  const { file, exports } = loaded
  const servers = namesOf(exports).filter((name) => isServer(exports[name]))
  if (servers.length > 0) return underAnotherName(file, servers)
  const makers = factories(exports)
  if (makers.length > 1)
    return severalMakers(
      file,
      makers.map(({ name }) => name),
    )
  for (const [name, value] of Object.entries(exports)) {
    if (looksLikeMaker(name, value)) return wrapped(file, name, value)
    const field = fieldWithServer(value)
    if (field !== undefined) return held(file, { name, field, isClass: false })
  }
  return hidden(loaded) ?? empty(loaded)
}

function underAnotherName(file: string, names: readonly string[]): Failure {
  const [first] = names
  const found = names.length === 1 ? `${first} is a server` : `These are servers: ${names.join(', ')}`
  return new Failure(
    `${file} exports no mcp, server, app or default`,
    `${found}. Name it as ${file}:${first}, or export it as mcp.`,
  )
}

function severalMakers(file: string, names: readonly string[]): Failure {
  const [first = ''] = names
  return new Failure(
    `${file} exports no server, but ${names.length} functions that may make one: ${names.join(', ')}`,
    `Name one, as in ${file}:${first}.\n${exportWhatItMakes({ name: first })}`,
  )
}

type AnyFunction = (...args: unknown[]) => unknown

function looksLikeMaker(name: string, value: unknown): value is AnyFunction {
  if (!isPlainFunction(value)) return false
  return /^(create|make|build)/.test(name) || name === 'default' || makesServer(String(value))
}

/** The anti-pattern: a server that is there only after a call. */
function wrapped(file: string, name: string, value: AnyFunction): Failure {
  const shown = name === 'default' ? 'the default export' : name
  const maker = {
    name: value.name,
    takesArguments: value.length > 0,
    isAsync: value.constructor.name === 'AsyncFunction',
  }
  return new Failure(
    `${file} exports no server: ${shown} is a function`,
    onlyMakes(name, String(value)) ? exportWhatItMakes(maker) : moveItOut(),
  )
}

/** Whether a function seems to give its server back, rather than to run it. */
function onlyMakes(name: string, source: string): boolean {
  return /^(create|make|build|get)/.test(name) || !/\.run\(/.test(source)
}

function held(file: string, holder: Parameters<typeof exportWhatItHolds>[0]): Failure {
  const kind = holder.isClass ? 'a class' : 'an object'
  return new Failure(`${file} exports no server: ${holder.name} is ${kind} that holds one`, exportWhatItHolds(holder))
}

function fieldWithServer(value: unknown): string | undefined {
  if (typeof value !== 'object' || value === null) return undefined
  return Object.entries(value).find(([, member]) => isServer(member))?.[0]
}

/** What the text of the file shows where its exports show nothing. */
function hidden({ file, source }: Loaded): Failure | undefined {
  const hint = hintIn(source)
  if (hint === undefined) return undefined
  const { kind, name } = hint
  if (kind === 'class') return held(file, { ...hint, isClass: true })
  if (kind === 'function') {
    const fix = onlyMakes(name, source) ? exportWhatItMakes({ name, isExported: false }) : moveItOut()
    return new Failure(`${file} exports no server: ${name} is a function`, fix)
  }
  const line = ['mcp', 'server', 'app'].includes(name) ? `export { ${name} }` : `export { ${name} as mcp }`
  return new Failure(
    `${file} does not export its server ${name}`,
    `Export it:\n\n  const ${name} = new FastMCP({ … })\n  ${line}`,
  )
}

function empty({ file, exports }: Loaded): Failure {
  const names = namesOf(exports)
  const has = names.length === 0 ? 'It exports nothing' : `It exports ${names.join(', ')}, but no server`
  const lines = [
    "import { FastMCP } from '@fastmcp/ts'",
    "export const mcp = new FastMCP({ name: 'mine', version: '1.0.0' })",
  ]
  return new Failure(`${file} exports no server`, `${has}. Export one:\n\n  ${lines.join('\n  ')}`)
}

/** The names of the exports, without those that a module loader adds. */
function namesOf(exports: Exports): string[] {
  return Object.keys(exports).filter((name) => name !== '__esModule' && name !== 'module.exports')
}

function kindOf(value: unknown): string {
  if (value === null || value === undefined) return String(value)
  if (isClass(value)) return 'a class'
  if (Array.isArray(value)) return 'an array'
  return typeof value === 'object' ? 'an object' : `a ${typeof value}`
}
