import { readFile } from 'node:fs/promises'
import { resolve } from 'node:path'
import type { Command, Config, Remote } from '../client/index.ts'
import { Failure } from './failure.ts'
import { fileMissing } from './missing-file.ts'
import { didYouMean } from './nearest.ts'

/**
 * Reads a file of the common form `{ "mcpServers": { name: … } }` and gives the one server in it,
 * or the named one. Rejects with a `Failure` that says what is wrong with the file.
 */
export async function readConfig(file: string, name: string | undefined): Promise<Config> {
  const text = await readFile(resolve(file), 'utf8').catch((cause: NodeJS.ErrnoException) => {
    throw cause.code === 'ENOENT' ? fileMissing(file) : new Failure(`Cannot read ${file}: ${cause.message}`)
  })
  const servers = serversIn(parse(text, file), file)
  const chosen = choose([...servers.keys()], file, name)
  return { mcpServers: { [chosen]: entry(servers.get(chosen), `${file}: ${chosen}`) } }
}

function parse(text: string, file: string): unknown {
  try {
    return JSON.parse(text)
  } catch (cause) {
    throw new Failure(`${file} is not JSON: ${cause instanceof Error ? cause.message : cause}`, undefined, { cause })
  }
}

/** Hosts write `mcpServers`, one editor writes `servers`. */
function serversIn(config: unknown, file: string): ReadonlyMap<string, unknown> {
  const servers = isObject(config) ? (config.mcpServers ?? config.servers) : undefined
  if (isObject(servers) && Object.keys(servers).length > 0) return new Map(Object.entries(servers))
  throw new Failure(
    `${file} names no server`,
    'It needs { "mcpServers": { "name": { "command": "node", "args": ["server.js"] } } }.',
  )
}

function choose(names: readonly string[], file: string, name: string | undefined): string {
  const [only, another] = names
  if (name !== undefined && names.includes(name)) return name
  const list = `It names ${names.join(', ')}.`
  if (name !== undefined) throw new Failure(`${file} names no server "${name}"`, didYouMean(name, names) ?? list)
  if (only !== undefined && another === undefined) return only
  throw new Failure(`${file} names ${names.length} servers`, `${list} Choose one, as in ${file}:${only}.`)
}

function entry(value: unknown, where: string): Command | Remote {
  if (!isObject(value)) throw new Failure(`${where} is no object`)
  const { command, args, env, cwd, url, headers } = value
  if (typeof url === 'string')
    return { url, ...(headers === undefined ? {} : { headers: texts(headers, `${where}: headers`) }) }
  if (typeof command !== 'string')
    throw new Failure(`${where} has neither a command nor a url`, 'Give it one of them, as text.')
  return {
    command,
    ...(args === undefined ? {} : { args: list(args, `${where}: args`) }),
    ...(env === undefined ? {} : { env: texts(env, `${where}: env`) }),
    ...(typeof cwd === 'string' ? { cwd } : {}),
  }
}

function list(value: unknown, where: string): string[] {
  if (Array.isArray(value) && value.every((item) => typeof item === 'string')) return value
  throw new Failure(`${where} must be a list of texts`)
}

function texts(value: unknown, where: string): Record<string, string> {
  const entries = isObject(value) ? Object.entries(value) : undefined
  const texts = entries?.filter((pair): pair is [string, string] => typeof pair[1] === 'string')
  if (texts !== undefined && texts.length === entries?.length) return Object.fromEntries(texts)
  throw new Failure(`${where} must be an object of texts`)
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
