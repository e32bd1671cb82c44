import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process'
import { cpSync, mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterwards } from '../kit/afterwards.ts'

const root = fileURLToPath(new URL('../..', import.meta.url))
const modules = join(root, 'node_modules')

/** What a clone of the repository holds, as far as building and starting it goes. */
const CLONED = ['src', 'scripts', 'examples', 'package.json', 'tsconfig.json', 'tsconfig.build.json']

/** A folder that is gone after the tests of the file. */
export function folder(): string {
  const path = realpathSync(mkdtempSync(join(tmpdir(), 'fastmcp-cli-')))
  afterwards(() => rmSync(path, { recursive: true, force: true }))
  return path
}

/** A clone of the repository with its dependencies, not built. */
export function clone(): string {
  const path = folder()
  for (const name of CLONED) cpSync(join(root, name), join(path, name), { recursive: true })
  symlinkSync(modules, join(path, 'node_modules'))
  return path
}

/** The package as it is installed: this repository, which is built before any test runs. */
export const installed: string = root.replace(/[\\/]$/, '')

/** A project of a user that has the package installed, with these files in it. */
export function project(files: Readonly<Record<string, string>>, library: string = installed): string {
  const path = folder()
  mkdirSync(join(path, 'node_modules', '@fastmcp'), { recursive: true })
  symlinkSync(library, join(path, 'node_modules', '@fastmcp', 'ts'))
  symlinkSync(join(modules, 'zod'), join(path, 'node_modules', 'zod'))
  writeFileSync(join(path, 'package.json'), '{ "type": "module" }')
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(dirname(join(path, name)), { recursive: true })
    writeFileSync(join(path, name), text)
  }
  return path
}

/** What a program wrote, and how it ended. */
export interface Ended {
  readonly code: number | null
  readonly stdout: string
  readonly stderr: string
}

/** Where and how a program runs. */
export interface Started {
  readonly cwd: string
  readonly env?: Readonly<Record<string, string>>
  /** Text for its standard input, which then ends. */
  readonly input?: string
}

/** A program that runs. It is ended after the tests, if it has not ended before. */
export class Program {
  readonly #child: ChildProcessWithoutNullStreams
  readonly ended: Promise<Ended>
  #stdout = ''
  #stderr = ''
  #look: () => void = () => undefined

  constructor(args: readonly string[], { cwd, env = {}, input }: Started) {
    const child = spawn(process.execPath, [...args], { cwd, env: { ...quiet(), ...env } })
    this.#child = child
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      this.#stdout += text
    })
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      this.#stderr += text
      this.#look()
    })
    child.stdin.on('error', () => undefined)
    if (input !== undefined) child.stdin.end(input)
    this.ended = new Promise((resolve) => {
      child.once('close', (code) => resolve({ code, stdout: this.#stdout, stderr: this.#stderr }))
    })
    running.add(child)
    child.once('close', () => running.delete(child))
    afterwards(() => child.kill('SIGKILL'))
  }

  /** What the pattern finds in standard error, as soon as it is there. */
  says(pattern: RegExp): Promise<RegExpExecArray> {
    return new Promise((resolve, reject) => {
      this.#look = () => {
        const found = pattern.exec(this.#stderr)
        if (found) resolve(found)
      }
      this.#look()
      void this.ended.then(({ stdout, stderr }) =>
        reject(new Error(`It ended without ${pattern}:\n${stdout}${stderr}`)),
      )
    })
  }

  signal(name: NodeJS.Signals): void {
    this.#child.kill(name)
  }
}

const running = new Set<ChildProcessWithoutNullStreams>()
process.once('exit', () => {
  for (const child of running) child.kill('SIGKILL')
})

/** The environment without what would change how a server serves. */
function quiet(): Record<string, string | undefined> {
  const { PORT, FASTMCP_TRANSPORT, FASTMCP_HOST, FASTMCP_PORT, FASTMCP_PATH, ...rest } = process.env
  return { ...rest, NO_COLOR: '1' }
}

/** Runs `fastmcp`. */
export function fastmcp(args: readonly string[], started: Started): Program {
  return new Program([join(installed, 'dist', 'cli', 'main.js'), ...args], started)
}

/** Asks a server for its tools as `curl` would: no handshake, no session. */
export async function toolsAt(url: string): Promise<string[]> {
  const response = await fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: '{"jsonrpc":"2.0","id":1,"method":"tools/list"}',
  })
  const answer = (await response.json()) as { result: { tools: { name: string }[] } } // or the test fails here
  return answer.result.tools.map(({ name }) => name)
}
