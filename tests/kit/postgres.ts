import { type ChildProcess, execFile, spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { chown, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { promisify } from 'node:util'

/** A PostgreSQL server of its own, on a socket in a folder of its own. */
export interface Postgres extends AsyncDisposable {
  /** For `DATABASE_URL`. */
  readonly url: string
  /** What it has logged, line by line; it tells of every connection. */
  readonly log: readonly string[]
}

/** Where Debian and its relatives put the programs of each version. */
const VERSIONS = '/usr/lib/postgresql'

/** The folder with the programs of the newest version on this machine; undefined where there is none. */
export const postgresPrograms: string | undefined = newestPrograms()

function newestPrograms(): string | undefined {
  const versions = existsSync(VERSIONS) ? readdirSync(VERSIONS) : []
  return versions
    .toSorted((a, b) => Number(b) - Number(a))
    .map((version) => join(VERSIONS, version, 'bin'))
    .find((programs) => ['initdb', 'postgres'].every((name) => existsSync(join(programs, name))))
}

/**
 * Starts a server with an empty database. It listens on no port, so that no two of them are in each other's way;
 * disposing of it stops it and removes all that it wrote.
 */
export async function startPostgres(programs: string): Promise<Postgres> {
  const home = await mkdtemp(join(tmpdir(), 'fastmcp-postgres-'))
  try {
    const user = serviceUser()
    if (user !== undefined) await chown(home, user.uid, user.gid)
    const data = join(home, 'data')
    const options = { cwd: home, env: { PATH: process.env.PATH, LC_ALL: 'C' }, ...user }
    const create = ['--pgdata', data, '--username', 'postgres', '--auth', 'trust', '--encoding', 'UTF8', '--no-sync']
    await promisify(execFile)(join(programs, 'initdb'), create, options)
    const settings = { listen_addresses: '', unix_socket_directories: home, log_connections: 'on', fsync: 'off' }
    const flags = Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`])
    const server = spawn(join(programs, 'postgres'), ['-D', data, ...flags], {
      ...options,
      stdio: ['ignore', 'ignore', 'pipe'],
    })
    // Whoever ends the tests in the middle ends it too.
    const kill = (): void => void server.kill('SIGQUIT')
    process.once('exit', kill)
    server.once('exit', () => process.off('exit', kill))
    const log = await listening(server)
    const url = `postgresql://postgres@${encodeURIComponent(home)}/postgres`
    return { url, log, [Symbol.asyncDispose]: () => stop(server, home) }
  } catch (problem) {
    await rm(home, { recursive: true, force: true })
    throw problem
  }
}

/** PostgreSQL does not run as root; whoever is root has another user run it. */
function serviceUser(): { readonly uid: number; readonly gid: number } | undefined {
  if (process.getuid?.() !== 0) return undefined
  const users = readFileSync('/etc/passwd', 'utf8')
    .split('\n')
    .map((line) => line.split(':'))
  const [, , uid, gid] = users.find(([name]) => name === 'postgres') ?? users.find(([name]) => name === 'nobody') ?? []
  if (uid === undefined || gid === undefined) throw new Error('There is neither a user postgres nor a user nobody')
  return { uid: Number(uid), gid: Number(gid) }
}

/** The log of a server that is ready. Rejects with it where the server ends instead. */
function listening(server: ChildProcess): Promise<readonly string[]> {
  const log: string[] = []
  if (server.stderr === null) throw new Error('The log of the server must be a pipe')
  const lines = createInterface({ input: server.stderr })
  return new Promise((resolve, reject) => {
    server.once('error', reject)
    server.once('exit', () => reject(new Error(log.join('\n'))))
    lines.on('line', (line) => {
      log.push(line)
      if (line.includes('ready to accept connections')) resolve(log)
    })
  })
}

/** SIGINT ends sessions and then the server. */
async function stop(server: ChildProcess, home: string): Promise<void> {
  if (server.exitCode === null && server.kill('SIGINT')) await once(server, 'exit')
  await rm(home, { recursive: true, force: true })
}
