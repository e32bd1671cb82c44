import { FastMCPError, ToolError } from '../protocol/errors.ts'

/** What may stand in a path. */
export type PathValue = string | number | bigint | boolean

/** The parameters of a path, read from its text: `PathParams<'/users/{id}'>` is `{ id: PathValue }`. */
export type PathParams<P extends string> = string extends P
  ? Readonly<Record<string, PathValue>>
  : { readonly [Name in NamesIn<P>]: PathValue }

type NamesIn<P extends string> = P extends `${string}{${infer Name}}${infer Rest}` ? Name | NamesIn<Rest> : never

/** What may stand in a query; what is null or undefined is left out, and a list repeats its name. */
export type QueryValue = PathValue | null | undefined | readonly PathValue[]

/** A query by the names of its parameters. */
export type Query = Readonly<Record<string, QueryValue>>

/** The address that all requests of an upstream stay below; its path ends in `/`. Throws `FastMCPError`. */
export function readBaseUrl(baseUrl: string | URL): URL {
  const url = URL.canParse(String(baseUrl)) ? new URL(baseUrl) : undefined
  // The address itself is not in the words: it may hold a key.
  if (url === undefined || !/^https?:$/.test(url.protocol)) throw wrongBase('is no http or https address')
  if (url.username !== '' || url.password !== '') throw wrongBase('holds a user and password; give them with `auth`')
  if (url.search !== '' || url.hash !== '')
    throw wrongBase('has a query or a fragment; give the query with each request')
  if (!url.pathname.endsWith('/')) url.pathname += '/'
  return url
}

function wrongBase(problem: string): FastMCPError {
  return new FastMCPError('SETTING', `baseUrl ${problem}`)
}

/** What one request adds to the base. */
export interface Place {
  /** With `{name}` for each of `params`. */
  readonly path: string
  readonly params?: Readonly<Record<string, PathValue>> | undefined
  readonly query?: Query | URLSearchParams | undefined
}

/**
 * The address of a request. Parameters are encoded, so that none of them can be more than its part of the path; what
 * would leave the base is refused with a `ToolError`, for it may be what a model made up.
 */
export function addressOf(base: URL, { path, params = {}, query }: Place): URL {
  const filled = path.includes('{') ? fillIn(path, params) : path
  checkPath(filled)
  const url = new URL(base.href + (filled.startsWith('/') ? filled.slice(1) : filled))
  // The screen above lets nothing through that could; this is what it is there for.
  if (url.origin !== base.origin || !url.pathname.startsWith(base.pathname)) throw leavesBase()
  if (query !== undefined) addQuery(url.searchParams, query)
  return url
}

function fillIn(path: string, params: Readonly<Record<string, PathValue>>): string {
  return path.replace(/\{([^{}]*)\}/g, (_, name: string) => {
    const value = Object.hasOwn(params, name) ? params[name] : undefined
    const text = value === undefined || value === null ? '' : encoded(name, String(value))
    // An empty one would make the path that of something else: /users/ for /users/{id}.
    if (text === '') throw new ToolError('VALIDATION_ERROR', `"${name}" is empty, and the request needs it`)
    if (hasDots(text)) throw new ToolError('VALIDATION_ERROR', `"${name}" cannot lead to another path by "." or ".."`)
    return text
  })
}

function encoded(name: string, value: string): string {
  try {
    return encodeURIComponent(value)
  } catch {
    throw new ToolError('VALIDATION_ERROR', `"${name}" is no well-formed text`)
  }
}

function checkPath(path: string): void {
  if (/[?#]/.test(path)) {
    throw new ToolError(
      'VALIDATION_ERROR',
      'A path has no "?" or "#"; give parameters as `query`, and values as `params`',
    )
  }
  // biome-ignore lint/suspicious/noControlCharactersInRegex: the parser of addresses drops some of them without a word
  if (/[\\\u0000-\u001f\u007f]/.test(path) || path.includes('://')) throw leavesBase()
  if (hasDots(path)) throw leavesBase()
}

/** Whether a segment is `.` or `..`, also to a server that decodes before it looks. */
function hasDots(path: string): boolean {
  return path.includes('.') || path.includes('%2')
    ? path.split(/\/|%2f|%5c/i).some((segment) => /^(?:\.|%2e){1,2}$/i.test(segment))
    : false
}

function leavesBase(): ToolError {
  return new ToolError('VALIDATION_ERROR', 'The path of a request must stay below its base address')
}

function addQuery(search: URLSearchParams, query: Query | URLSearchParams): void {
  if (query instanceof URLSearchParams) {
    for (const [name, value] of query) search.append(name, value)
    return
  }
  for (const [name, value] of Object.entries(query)) {
    if (value === undefined || value === null) continue
    for (const item of Array.isArray(value) ? value : [value]) search.append(name, String(item))
  }
}
