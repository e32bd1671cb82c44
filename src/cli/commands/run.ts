import { existsSync } from 'node:fs'
import { resolve } from 'node:path'
import { announcement } from '../announce.ts'
import type { Run } from '../command.ts'
import { misuse } from '../failure.ts'
import { setLoading } from '../load-module.ts'
import { openServer, type ServerFile } from '../open-server.ts'
import { readPlace } from '../target.ts'
import { choiceOfFlag, numberOfFlag, valueOfFlag, type Words } from '../words.ts'

/** Serves the server of a file until it is stopped. Standard output belongs to the server. */
export const run: Run = async (words, output) => {
  const file = fileOf(words)
  const options = optionsOf(words)
  // The file sees itself as the program that was started, with the arguments after `--`.
  process.argv.splice(1, Number.POSITIVE_INFINITY, resolve(file.path), ...(words.rest ?? []))
  const server = await openServer(file)
  if (process.stdin.isTTY && !isHttp(options)) {
    output.note('Waiting for an MCP client on standard input. Add --transport http to serve at an address.')
  }
  setLoading(false)
  output.release()
  await server.run({ ...options, onListening: (address) => output.note(announcement(address)) })
  return 0
}

function fileOf({ positionals }: Words): ServerFile {
  const [word, extra] = positionals
  if (word === undefined) throw misuse('There is no file to run', 'For example: fastmcp run server.ts')
  if (extra !== undefined) throw misuse(`Cannot tell what "${extra}" is for`, 'Arguments of the file itself follow --.')
  const place = readPlace(word, existsSync)
  if (place.kind === 'file') return place
  throw misuse(
    `${word} is no file that exports a server`,
    'run serves a JavaScript or TypeScript file: fastmcp run server.ts',
  )
}

interface Options {
  readonly transport?: 'stdio' | 'http'
  readonly host?: string
  readonly port?: number
  readonly path?: string
}

function optionsOf(words: Words): Options {
  const transport = choiceOfFlag(words, 'transport', ['stdio', 'http'])
  const port = numberOfFlag(words, 'port', { least: 0, most: 65_535, whole: true })
  const host = valueOfFlag(words, 'host')
  const path = valueOfFlag(words, 'path')
  return {
    ...(transport && { transport }),
    ...(host !== undefined && { host }),
    ...(port !== undefined && { port }),
    ...(path !== undefined && { path }),
  }
}

/** As `run` itself decides, here only for a hint. */
function isHttp({ transport, port }: Options): boolean {
  const { FASTMCP_TRANSPORT, FASTMCP_PORT, PORT } = process.env
  const chosen = transport ?? FASTMCP_TRANSPORT
  return chosen === undefined ? (port ?? FASTMCP_PORT ?? PORT) !== undefined : chosen === 'http'
}
