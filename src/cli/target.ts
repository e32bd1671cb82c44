import { misuse } from './failure.ts'

/** Where the server of a command line is. */
export type Place =
  | { readonly kind: 'url'; readonly url: string }
  | { readonly kind: 'file'; readonly path: string; readonly exportName: string | undefined }
  | { readonly kind: 'config'; readonly path: string; readonly server: string | undefined }
  | { readonly kind: 'command'; readonly command: string; readonly args: readonly string[] }
  | { readonly kind: 'line'; readonly line: string }

/** What may be given as a target, for messages and help. */
export const TARGETS = `  server.ts             a file that exports a server, loaded here; server.ts:name picks an export
  http://…/mcp          a server at an address
  "node server.js"      a program that serves on its standard input and output
  config.json           an mcpServers file; config.json:name picks one of several
  -- node server.js     the same program, at the end of the line`

const MODULE = /^(.+\.[cm]?[jt]s)(?::([\p{ID_Start}$_][\p{ID_Continue}$]*))?$/u
const CONFIG = /^(.+\.json)(?::(.+))?$/
const ADDRESS = /^[a-z][a-z0-9+.-]*:\/\//i

/** Tells what the word for a target means. `exists` tells whether there is a file of that name. */
export function readPlace(word: string, exists: (path: string) => boolean): Place {
  if (ADDRESS.test(word)) return address(word)
  const [, module, exportName] = MODULE.exec(word) ?? []
  if (module !== undefined && (!/\s/.test(word) || exists(module))) return { kind: 'file', path: module, exportName }
  const [, config, server] = CONFIG.exec(word) ?? []
  if (config !== undefined && (!/\s/.test(word) || exists(config))) return { kind: 'config', path: config, server }
  if (/\s/.test(word.trim())) return { kind: 'line', line: word }
  throw misuse(`Cannot tell what "${word}" is`, `A target is one of:\n${TARGETS}`)
}

/** The target of the words after `--`. */
export function placeOfRest([command, ...args]: readonly string[]): Place {
  if (command === undefined) throw misuse('There is nothing after --', 'Give a program: -- node server.js')
  return { kind: 'command', command, args }
}

function address(word: string): Place {
  if (URL.canParse(word) && /^https?:$/.test(new URL(word).protocol)) return { kind: 'url', url: word }
  throw misuse(`${word} is not an address of an MCP server`, 'It must start with http:// or https://.')
}
