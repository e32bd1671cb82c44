import { execFileSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { rolldown } from 'rolldown'
import { describe, expect, it } from 'vitest'

const root = fileURLToPath(new URL('..', import.meta.url))

const HOOKS = `
import { appendFileSync } from 'node:fs'
export async function load(url, context, next) {
  appendFileSync(1, url + '\\n')
  return next(url, context)
}`

/** Every module that a fresh process loads when it imports a door. */
function modulesOf(door: string): readonly string[] {
  const program = `
    import { register } from 'node:module'
    register('data:text/javascript,' + encodeURIComponent(${JSON.stringify(HOOKS)}))
    await import(${JSON.stringify(pathToFileURL(`${root}dist/${door}`).href)})`
  const output = execFileSync(process.execPath, ['--input-type=module', '-e', program], { cwd: root, encoding: 'utf8' })
  return output.split('\n').filter((line) => line.startsWith('file:') || line.startsWith('node:'))
}

/** The source files inside the files of `dist`, which are joined. */
function sourcesIn(modules: readonly string[]): readonly string[] {
  const parts = JSON.parse(readFileSync(`${root}dist/.modules.json`, 'utf8')) as Readonly<Record<string, string[]>>
  return modules.flatMap((url) => parts[url.split('/dist/')[1] ?? ''] ?? [])
}

const named = (door: string): string => door.replace('-', '_')
const doorOf = (door: string): string => (door === 'index' ? '@fastmcp/ts' : `@fastmcp/ts/${door}`)

describe('doors', () => {
  it('loads nothing but the server for `import "@fastmcp/ts"`', () => {
    const modules = modulesOf('index.js')
    const own = modules.filter((url) => url.includes('/dist/'))
    const foreign = modules.filter((url) => !url.includes('/dist/'))
    expect(foreign).toEqual([])
    const sources = sourcesIn(own)
    expect(sources).toContain('fastmcp.js')
    expect(
      sources.filter((file) => /^(client|cli|testing|auth|openapi|transports\/(node|stdio))\//.test(file)),
    ).toEqual([])
    expect(own.length).toBeLessThan(40)
  })

  it('loads a YAML parser for skills alone, and no client for those who serve them', () => {
    const foreign = modulesOf('extensions/skills/index.js').filter((url) => url.includes('/node_modules/'))
    expect(foreign.length).toBeGreaterThan(0)
    expect(foreign.filter((url) => !url.includes('/node_modules/yaml/'))).toEqual([])
  })

  it('asks for no module of Node before it is needed, so that one file serves where there is none', async () => {
    const doors = [
      'index',
      'client',
      'proxy',
      'openapi',
      'middleware',
      'resilience',
      'upstream',
      'code-mode',
      'storage',
    ]
    const bundler = await rolldown({
      input: 'doors',
      cwd: root,
      platform: 'neutral',
      external: /^node:|^(fs|path|child_process)$|json-schema-ref-parser|quickjs/,
      resolve: {
        conditionNames: ['workerd', 'worker', 'browser', 'import', 'default'],
        mainFields: ['module', 'main'],
      },
      plugins: [
        {
          name: 'doors',
          resolveId: (id) => (id === 'doors' ? id : undefined),
          load: (id) =>
            id === 'doors'
              ? doors.map((door) => `export * as ${named(door)} from '${doorOf(door)}'`).join('\n')
              : undefined,
        },
      ],
    })
    const { output } = await bundler.generate({ format: 'esm', codeSplitting: false })
    await bundler.close()
    expect(output).toHaveLength(1)
    expect(output[0].imports.filter((name) => !name.startsWith('quickjs'))).toEqual([])
  })

  it('has at most 8 direct runtime dependencies', () => {
    const { dependencies } = JSON.parse(readFileSync(`${root}package.json`, 'utf8')) as { dependencies: object }
    expect(Object.keys(dependencies).length).toBeLessThanOrEqual(8)
  })

  it('loads the official client for the client door alone', () => {
    expect(modulesOf('client/index.js').some((url) => url.includes('@modelcontextprotocol/client'))).toBe(true)
  })
})
