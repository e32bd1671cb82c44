import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'

/** The program that serves the library: the built package in a process of its own. */
export const LIBRARY: { readonly command: string; readonly args: string[] } = {
  command: process.execPath,
  args: [fileURLToPath(new URL('../fixtures/library.mjs', import.meta.url))],
}

/** Serves the library over HTTP on a free port. */
export async function serveLibrary(): Promise<{ readonly url: string; stop(): Promise<number | null> }> {
  const child = spawn(LIBRARY.command, [...LIBRARY.args, '--transport', 'http', '--port', '0'], {
    stdio: ['ignore', 'ignore', 'pipe'],
  })
  const url = await addressIn(child)
  return {
    url,
    async stop() {
      const exit = once(child, 'exit')
      child.kill('SIGTERM')
      const [code] = await exit
      return code
    },
  }
}

function addressIn(child: ChildProcess): Promise<string> {
  return new Promise((resolve, reject) => {
    let said = ''
    child.stderr?.setEncoding('utf8').on('data', (text: string) => {
      said += text
      const url = /http:\/\/\S+/.exec(said)?.[0]
      if (url) resolve(url)
    })
    child.once('exit', (code) => reject(new Error(`The library ended with code ${code}: ${said}`)))
  })
}
