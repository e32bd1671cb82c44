import { execFile, spawnSync } from 'node:child_process'
import { cpSync, existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { connect } from '@fastmcp/ts/client'
import { validate } from 'dockerfile-utils'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { folder, installed, Program } from '../cli/sandbox.ts'
import { type Built, build, readDockerfile } from '../kit/dockerfile.ts'

const source = fileURLToPath(new URL('../../examples/docker', import.meta.url))
const text = readFileSync(new URL('../../examples/docker/Dockerfile', import.meta.url), 'utf8')
const stages = readDockerfile(text)
const runtime = stages.at(-1)
const TOKEN = 'a token for the test'
const of = (keyword: string) => runtime?.steps.filter((step) => step.keyword === keyword) ?? []

describe('D2: the Dockerfile', () => {
  it('has nothing that a linter objects to', () => {
    expect(validate(text).map(({ message, range }) => `${range.start.line + 1}: ${message}`)).toEqual([])
  })

  it('builds in one stage and runs in another, on one pinned image', () => {
    expect(stages.map(({ name }) => name)).toEqual(['build', '1'])
    expect(new Set(stages.map(({ image }) => image)).size).toBe(1)
    expect(runtime?.image).toMatch(/^node:\d+\.\d+\.\d+-\w+-slim$/)
    expect(of('COPY').map(({ flags }) => flags.from)).toEqual(['build', 'build', 'build'])
    expect(of('RUN')).toEqual([])
  })

  it('runs as a user without rights, and says when it is well', () => {
    expect(of('USER').map(({ rest }) => rest)).toEqual(['node'])
    const [health] = of('HEALTHCHECK')
    expect(Object.keys(health?.flags ?? {}).toSorted()).toEqual(['interval', 'retries', 'start-period', 'timeout'])
    expect(of('EXPOSE').map(({ rest }) => rest)).toEqual(['8000'])
  })

  it('starts node itself, so that signals reach the server', () => {
    expect(commandIn('CMD')).toEqual(['node', 'dist/server.js'])
  })

  it('lets no secret and nothing that was built here into the image', () => {
    const ignored = readFileSync(join(source, '.dockerignore'), 'utf8').trim().split('\n')
    expect(ignored).toEqual(expect.arrayContaining(['.env*', '.npmrc', '.git', 'node_modules', 'dist']))
    const named = stages.flatMap(({ steps }) => steps).filter(({ keyword }) => keyword === 'COPY')
    expect(named.filter(({ rest }) => rest.startsWith('. '))).toEqual([])
    expect(text).not.toMatch(/MCP_TOKEN=[^…]/)
  })
})

describe('D2: what its steps make', () => {
  let image: Built
  beforeAll(async () => {
    const registry = await registryOfThisPackage()
    // Only this package comes from there.
    const prepare = (path: string) => writeFileSync(join(path, '.npmrc'), `@fastmcp:registry=${registry}\n`)
    const into = folder()
    const context = join(into, 'context')
    cpSync(source, context, { recursive: true })
    prepare(context)
    // What somebody has who works on the project.
    await npm(['install', '--package-lock-only'], context)
    image = await build({ context, into, prepare, env: QUICK })
  }, 120_000)

  it('holds the server and what it needs, nothing else', () => {
    expect(readdirSync(image.workdir).filter((name) => name !== '.npmrc')).toEqual([
      'dist',
      'node_modules',
      'package.json',
    ])
    expect(existsSync(join(image.workdir, 'node_modules/@fastmcp/ts/dist/index.js'))).toBe(true)
    expect(
      ['typescript', '@types/node'].filter((name) => existsSync(join(image.workdir, 'node_modules', name))),
    ).toEqual([])
  })

  it('serves both eras, is healthy, and leaves on SIGTERM with 0', async () => {
    const env = { ...image.env, FASTMCP_PORT: String(await freePort()), MCP_TOKEN: TOKEN }
    const program = start(env)
    const [, url = ''] = await program.says(/^container serving on (\S+)$/m)
    expect(isHealthy(env)).toBe(true)
    const headers = { authorization: `Bearer ${TOKEN}` }
    for (const era of ['stateless', 'stateful'] as const) {
      await using client = await connect(url, { era, headers })
      expect((await client.callTool('greet', { name: 'Ada' })).data).toBe('Hello, Ada!')
    }
    expect((await fetch(url, { method: 'POST', body: '{}' })).status).toBe(401)
    program.signal('SIGTERM')
    expect(await program.ended).toMatchObject({ code: 0, stdout: '' })
    expect(isHealthy(env)).toBe(false)
  })

  it('does not start without its token, and says what is missing', async () => {
    const { code, stderr } = await start({ ...image.env, FASTMCP_PORT: '0' }).ended
    expect(code).toBe(1)
    expect(stderr).toContain('MCP_TOKEN is missing: who knows it may call this server')
  })

  const start = (env: Readonly<Record<string, string>>): Program => {
    const [, ...args] = commandIn('CMD')
    return new Program(args, { cwd: image.workdir, env })
  }

  function isHealthy(env: Readonly<Record<string, string>>): boolean {
    const [, ...args] = commandIn('HEALTHCHECK')
    return spawnSync(process.execPath, args, { env }).status === 0
  }
})

/** The words of a command that is written as JSON, and so runs without a shell. */
function commandIn(keyword: string): readonly string[] {
  return JSON.parse(of(keyword)[0]?.rest.replace(/^CMD\s+/, '') ?? '[]')
}

/** Asks the registry only for what no cache has, and for nothing else. */
const QUICK = { npm_config_prefer_offline: 'true', npm_config_audit: 'false', npm_config_fund: 'false' }
const npm = (args: readonly string[], cwd: string) =>
  promisify(execFile)('npm', [...args], { cwd, env: { ...process.env, ...QUICK }, maxBuffer: 16 * 1024 * 1024 })

/** A registry that has one package: this one, packed as it would be published. */
async function registryOfThisPackage(): Promise<string> {
  const into = folder()
  const { stdout } = await npm(['pack', '--ignore-scripts', '--json', '--pack-destination', into], installed)
  const [{ filename, integrity }] = JSON.parse(stdout)
  const manifest = JSON.parse(readFileSync(join(installed, 'package.json'), 'utf8'))
  const http = createServer((request, response) => {
    if (request.url === '/ts.tgz') return response.end(readFileSync(join(into, filename)))
    const version = { ...manifest, dist: { tarball: `${address()}/ts.tgz`, integrity } }
    const { name, version: latest } = manifest
    response.setHeader('content-type', 'application/json')
    return response.end(JSON.stringify({ name, 'dist-tags': { latest }, versions: { [latest]: version } }))
  })
  const address = () => `http://127.0.0.1:${(http.address() as AddressInfo).port}` // it listens on a port
  await new Promise<void>((resolve) => http.listen(0, '127.0.0.1', resolve))
  afterAll(() => http.close())
  return address()
}

async function freePort(): Promise<number> {
  const http = createServer()
  await new Promise<void>((resolve) => http.listen(0, '127.0.0.1', resolve))
  const { port } = http.address() as AddressInfo // it listens on a port
  await new Promise((resolve) => http.close(resolve))
  return port
}
