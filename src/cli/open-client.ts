import { existsSync } from 'node:fs'
import { Client, type ConnectOptions, connect, type Target } from '../client/index.ts'
import { readConfig } from './config-file.ts'
import { Failure, misuse } from './failure.ts'
import { isServer } from './find-server.ts'
import { openServer } from './open-server.ts'
import { type Place, placeOfRest, readPlace, TARGETS } from './target.ts'
import { choiceOfFlag, numberOfFlag, type Range, type Words } from './words.ts'

/** A connection, and the words that are left after its target. Its end is that of a server in this process, too. */
export interface Opened extends AsyncDisposable {
  readonly client: Client
  readonly words: readonly string[]
}

const TIMEOUT_SECONDS = 30
const SECONDS: Range = { least: 0.001, most: 24 * 60 * 60 }

/** Connects to the target of a command line: what follows `--`, or else its first word. */
export async function openClient(
  words: Words,
  options: Pick<ConnectOptions, 'onLog' | 'onProgress' | 'onElicit'> = {},
): Promise<Opened> {
  const { place, left } = placeOf(words)
  const timeout = Math.ceil((numberOfFlag(words, 'timeout', SECONDS) ?? TIMEOUT_SECONDS) * 1000)
  const era = choiceOfFlag(words, 'era', ['auto', 'stateless', 'stateful'])
  const headers = headersOf(words, place)
  const target = await targetOf(place)
  const end = async (client?: Client): Promise<void> => {
    await client?.close()
    if (isServer(target)) await target.close()
  }
  const connecting = interruptible(end, async (signal) =>
    onlyClient(
      await connect(target, {
        ...options,
        ...(era && { era }),
        headers,
        timeout,
        connectTimeout: timeout,
        signal,
        name: 'fastmcp-cli',
      }),
    ),
  )
  const client = await connecting.catch(async (problem: unknown) => {
    await end().catch(() => undefined)
    throw problem
  })
  return { client, words: left, [Symbol.asyncDispose]: () => end(client) }
}

/** Of a config only the server that was chosen is left. */
function onlyClient(connected: Awaited<ReturnType<typeof connect<Target>>>): Client {
  if (connected instanceof Client) return connected
  throw new Failure(`The target names ${connected.servers.length} servers`)
}

/** Ctrl-C gives up connecting; later it closes the connection, and with it the program or server behind it. */
async function interruptible(
  end: (client: Client) => Promise<void>,
  work: (signal: AbortSignal) => Promise<Client>,
): Promise<Client> {
  const stop = new AbortController()
  let leave = (): void => stop.abort(new Failure('Interrupted', undefined, { exitCode: 130 }))
  process.once('SIGINT', () => leave())
  const client = await work(stop.signal)
  leave = () => void end(client).finally(() => process.exit(130))
  return client
}

function placeOf({ positionals, rest }: Words): { readonly place: Place; readonly left: readonly string[] } {
  if (rest !== undefined) return { place: placeOfRest(rest), left: positionals }
  const [first, ...left] = positionals
  if (first === undefined) throw misuse('There is no target', `A target is one of:\n${TARGETS}`)
  return { place: readPlace(first, existsSync), left }
}

async function targetOf(place: Place): Promise<Target> {
  switch (place.kind) {
    case 'url':
      return place.url
    case 'line':
      return place.line
    case 'command':
      return { command: place.command, args: place.args }
    case 'config':
      return readConfig(place.path, place.server)
    case 'file':
      return openServer(place)
  }
}

function headersOf(words: Words, place: Place): Record<string, string> {
  const given = words.flags.get('header') ?? []
  if (given.length > 0 && place.kind !== 'url' && place.kind !== 'config') {
    throw misuse('--header needs a server at an address', 'Only HTTP has headers: leave it out, or give a URL.')
  }
  return Object.fromEntries(
    given.map((header) => {
      const [, name, value] = /^([!#$%&'*+.^_`|~\w-]+)\s*[=:]\s*(.*)$/.exec(header) ?? []
      if (name === undefined || value === undefined) {
        throw misuse(`"${header}" is no header`, 'Write --header "Authorization=Bearer …".')
      }
      return [name, value]
    }),
  )
}
