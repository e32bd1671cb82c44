import { KINDS } from '../../components/component.ts'
import type { Change } from '../../engine/application.ts'
import type { Awaitable } from '../../engine/call.ts'
import { AwayError } from '../away.ts'
import { noteChange, noteSteady } from '../steady.ts'
import { type App, isApp } from './apps/app.ts'
import { readApp } from './apps/read-app.ts'
import { type OpenApiSource, type ReadOptions, readApi } from './document/read-api.ts'
import { Loading } from './loading.ts'
import type { OpenApiProvider } from './openapi.ts'
import type { OpenApiOptions } from './options.ts'
import { noteOn } from './reporting/write-report.ts'
import type { Api } from './routes/api.ts'
import { type PreparedOptions, prepareOptions } from './take/prepare-options.ts'
import { type Taken, takeApi } from './take/take-api.ts'

/** A source that has been opened. */
export interface Opened {
  readonly provider: OpenApiProvider
  /** What the document says of its API, where that is known at once. */
  readonly info: Pick<Api, 'title' | 'version'> | undefined
}

/** Opens a source: at once where it is an object, otherwise when it is first needed. Throws what can be told at once. */
export function openSource(source: OpenApiSource | App, options: OpenApiOptions): Opened {
  const prepared = prepareOptions(options)
  const read = readerOf(source, prepared)
  const first = isElsewhere(source) ? undefined : read()
  if (first !== undefined && !(first instanceof Promise)) {
    options.onReport?.(first.report)
    return { provider: providerOf(new Loading(UNUSED, first), new Set(), options), info: first.report }
  }
  // An app has been asked for its document already.
  let asked = first
  asked?.catch(() => undefined)
  const load = async (): Promise<Taken> => {
    const mine = asked ?? read()
    asked = undefined
    return mine
  }
  const listeners: Listeners = new Set()
  const onLoaded = ({ local, report }: Taken): void => {
    options.onReport?.(report)
    if (options.onReport === undefined) complain([noteOn(report), ...report.advice])
    noteChange()
    const kinds = KINDS.filter((kind) => local.list(kind).length > 0)
    for (const kind of kinds) for (const listener of [...listeners]) listener({ kind })
  }
  const onError = (problem: unknown): void => {
    const error = problem instanceof Error ? problem : new Error(String(problem))
    if (options.onError === undefined) complain([error.message])
    else options.onError(error)
  }
  return { provider: providerOf(new Loading({ load, onLoaded, onError }), listeners, options), info: undefined }
}

type Listeners = Set<(change: Change) => void>

function isElsewhere(source: OpenApiSource | App): boolean {
  return typeof source === 'string' || source instanceof URL
}

/** What reads a source, and makes components of it. */
function readerOf(source: OpenApiSource | App, prepared: PreparedOptions): () => Awaitable<Taken> {
  const { given } = prepared
  if (!isApp(source)) return () => after(readApi(source, readOptionsOf(given)), (api) => takeApi(api, prepared))
  return () =>
    after(readApp(source, given), ({ document, fetch, baseUrl }) => {
      const within = { ...given, fetch, baseUrl }
      return after(readApi(document, readOptionsOf(within)), (api) => takeApi(api, { ...prepared, given: within }))
    })
}

function readOptionsOf({ fetch, limits, externalReferences }: OpenApiOptions): ReadOptions {
  return {
    ...(fetch !== undefined && { fetch }),
    ...(limits !== undefined && { limits }),
    ...(externalReferences !== undefined && { externalReferences }),
  }
}

function providerOf(loading: Loading<Taken>, listeners: Listeners, options: OpenApiOptions): OpenApiProvider {
  const wasHere = loading.isHere
  let isNoted = !wasHere || options.onReport !== undefined
  const known = (): Awaitable<Taken> => {
    const taken = loading.take()
    return taken instanceof Promise ? taken.catch(away) : taken
  }
  const provider: OpenApiProvider = {
    get isRemote() {
      return !loading.isHere
    },
    list: (kind) => after(known(), ({ local }) => local.list(kind)),
    find: (kind, id, view) => after(known(), ({ local }) => local.find(kind, id, view)),
    onChange(listener) {
      const own = (change: Change): void => listener(change)
      listeners.add(own)
      return () => void listeners.delete(own)
    },
    async start() {
      loading.begin()
      if (!isNoted) complain([noteOn((await loading.take()).report)])
      isNoted = true
      return async () => loading.stop()
    },
    report: async () => (await loading.take()).report,
  }
  return noteSteady(provider, () => loading.isHere)
}

/** What is here already is not loaded. */
const UNUSED = {
  load: (): Promise<Taken> => Promise.reject(new Error('It is here already')),
  onLoaded: (): void => undefined,
  onError: (): void => undefined,
}

function away(cause: unknown): never {
  throw new AwayError('The document of an API behind this server cannot be read now', { cause })
}

function complain(lines: readonly (string | undefined)[]): void {
  for (const line of lines) if (line !== undefined) console.error(`[fastmcp] ${line}`)
}

function after<T, R>(value: Awaitable<T>, next: (value: T) => Awaitable<R>): Awaitable<R> {
  return value instanceof Promise ? value.then(next) : next(value)
}
