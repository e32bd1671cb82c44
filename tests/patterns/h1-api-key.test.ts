import { describeEras } from '@fastmcp/ts/testing/vitest'
import { afterAll, describe, expect, it } from 'vitest'
import { fastmcp, installed, project } from '../cli/sandbox.ts'
import { loadExample } from '../kit/load-example.ts'
import { sendJson, startApi } from '../kit/local-api.ts'

const TOKEN = 'canary-0123456789'
const api = await startApi(({ headers }, response) => {
  if (headers.authorization === `Bearer ${TOKEN}`) return { login: 'ada', name: 'Ada', plan: 'pro' }
  sendJson(response, 401, { message: `Bad credentials: ${headers.authorization}` })
})
afterAll(() => api[Symbol.asyncDispose]())

const example = new URL('../../examples/patterns/h1-api-key.ts', import.meta.url)
const mcp = await loadExample(example, { GITHUB_URL: api.url, GITHUB_TOKEN: TOKEN })
const wrong = await loadExample(example, { GITHUB_URL: api.url, GITHUB_TOKEN: 'canary-that-is-wrong' })

describeEras('H1: an API with a key', (open) => {
  it('the key goes to the API, and nowhere else', async () => {
    const client = await open(mcp)
    const result = await client.callTool('who_am_i')
    expect(result.data).toEqual({ login: 'ada', name: 'Ada' })
    expect(JSON.stringify(result)).not.toContain('canary')
    expect(api.asked.at(-1)?.headers.authorization).toBe(`Bearer ${TOKEN}`)
  })

  it('a key that is refused is told without the key', async () => {
    const client = await open(wrong)
    const problem = await client.callTool('who_am_i').catch((caught: unknown) => caught)
    expect(problem).toMatchObject({
      code: 'UNAUTHORIZED',
      message: expect.stringContaining('GitHub answered GET /user with 401 Unauthorized'),
      details: { status: 401, excerpt: 'Bad credentials: [masked]' },
    })
    expect(JSON.stringify(problem)).not.toContain('canary')
  })
})

describe('H1: without the key', () => {
  const missing = [
    '  The environment (development) does not hold what this program needs:',
    '    GITHUB_TOKEN is missing: A personal access token of GitHub',
    '',
    '  Set them and run the command again.',
  ].join('\n')

  it.each([
    ['run', []],
    ['call', ['who_am_i']],
  ])('fastmcp %s ends with 1 and names it', async (command, more) => {
    const file = 'examples/patterns/h1-api-key.ts'
    const env = { GITHUB_TOKEN: '', APP_ENV: 'development' }
    const { code, stdout, stderr } = await fastmcp([command, file, ...more], { cwd: installed, env }).ended
    expect({ code, stdout }).toEqual({ code: 1, stdout: '' })
    expect(stderr).toContain(`error: ${file} failed while it was loading`)
    expect(stderr).toContain(missing)
  })

  it('all that is missing or wrong is named at once, by a factory too, and no value is shown', async () => {
    const cwd = project({
      'server.ts': `import { env, FastMCP } from '@fastmcp/ts'
        import { z } from 'zod'
        export function createServer(): FastMCP {
          const settings = env(z.object({ A_KEY: z.string(), B_URL: z.url(), C_PORT: z.int().max(65535) }))
          return new FastMCP({ name: settings.A_KEY, version: '1.0.0' })
        }`,
    })
    const env = { B_URL: 'canary-url', C_PORT: '987654321', APP_ENV: 'production' }
    for (const flags of [[], ['--debug']]) {
      const { code, stderr } = await fastmcp(['run', 'server.ts', ...flags], { cwd, env }).ended
      expect(code).toBe(1)
      expect(stderr).toContain('A_KEY is missing')
      expect(stderr).toContain('B_URL must be a valid URL')
      expect(stderr).toContain('C_PORT must be at most 65535')
      expect(stderr).not.toMatch(/canary|987654321/)
    }
  })
})
