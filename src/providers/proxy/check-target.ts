import { parseCommand } from '../../client/index.ts'
import { DefinitionError } from '../../protocol/errors.ts'
import { isRecord } from '../../protocol/json-rpc.ts'

const WAYS = 'give an http(s) address, a command, or a server of this process'

/** Throws for what is no place of a server: that shows at once, and not at the first call. */
export function checkTarget(label: string, target: unknown): void {
  if (typeof target === 'string' && !/^[a-z][a-z0-9+.-]*:\/\//i.test(target)) {
    parseCommand(target)
    return
  }
  if (typeof target === 'string' || target instanceof URL) {
    checkAddress(label, String(target))
    return
  }
  if (!isRecord(target)) throw new DefinitionError(label, WAYS)
  if ('~connect' in target) return
  const { url, command, headers, args = [], env, cwd = '' } = target
  if ((url === undefined) === (command === undefined)) {
    throw new DefinitionError(label, url === undefined ? WAYS : 'give an address or a command, and not both')
  }
  if (url !== undefined) checkAddress(label, url)
  else if (typeof command !== 'string' || command === '') throw new DefinitionError(label, 'command is a program')
  if (!Array.isArray(args) || !args.every(isText)) throw new DefinitionError(label, 'args is a list of texts')
  if (!isText(cwd)) throw new DefinitionError(label, 'cwd is the path of a folder')
  checkTexts(`${label}, headers`, headers)
  checkHeaders(`${label}, headers`, headers)
  checkTexts(`${label}, env`, env)
}

function checkAddress(label: string, address: unknown): void {
  if (isText(address) && URL.canParse(address) && /^https?:$/.test(new URL(address).protocol)) return
  throw new DefinitionError(label, `"${String(address).slice(0, 200)}" is no http(s) address`)
}

function checkTexts(label: string, texts: unknown): void {
  if (texts === undefined || (isRecord(texts) && Object.values(texts).every(isText))) return
  throw new DefinitionError(label, 'give an object of texts')
}

/** What no request can carry. Values may be secret. */
function checkHeaders(label: string, headers: unknown): void {
  for (const [name, value] of Object.entries(headers ?? {})) {
    try {
      new Headers([[name, value]])
    } catch {
      throw new DefinitionError(label, `"${name.slice(0, 100)}" is no header, or its value cannot be sent`)
    }
  }
}

function isText(value: unknown): value is string {
  return typeof value === 'string'
}
