import type { Arguments } from './arguments.ts'
import { cookieWriter } from './cookie-writing.ts'
import { headerWriter } from './header-writing.ts'
import { type OneWriter, writeOne } from './one-writer.ts'
import type { Parameters } from './path.ts'

/** Writes what an operation says in headers. */
export type HeadersWriter = (headers: Headers, args: Arguments) => void

/** Compiles the headers and cookies of an operation; undefined for none. */
export function compileHeaders(headers: Parameters, cookies: Parameters): HeadersWriter | undefined {
  if (headers.length === 0 && cookies.length === 0) return undefined
  const names = new Set(cookies.map(([, { name }]) => name))
  const headerWriters = headers.map(([argument, parameter]) => ({
    name: parameter.name,
    argument,
    write: headerWriter(parameter),
  }))
  const cookieWriters = cookies.map(([argument, parameter]) => ({ argument, write: cookieWriter(parameter, names) }))
  return (all, args) => {
    for (const writer of headerWriters) {
      const text = writeOne(writer, args)
      if (text !== undefined) all.set(writer.name, text)
    }
    const text = writeCookies(cookieWriters, args)
    if (text !== '') all.set('cookie', text)
  }
}

function writeCookies(writers: readonly OneWriter[], args: Arguments): string {
  let all = ''
  for (const writer of writers) {
    const text = writeOne(writer, args)
    if (text !== undefined) all = all === '' ? text : `${all}; ${text}`
  }
  return all
}
