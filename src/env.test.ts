import { toStandardJsonSchema } from '@valibot/to-json-schema'
import { type } from 'arktype'
import * as v from 'valibot'
import { describe, expect, it, vi } from 'vitest'
import { z } from 'zod'
import { env } from './env.ts'
import { FastMCPError } from './protocol/errors.ts'

const Settings = z.object({
  API_KEY: z.string().min(8).describe('Key of the weather service'),
  LOG_LEVEL: z.enum(['debug', 'info', 'warn']),
  CACHE_TTL: z.number().min(0),
  DEBUG: z.boolean().default(false),
})

const good = { API_KEY: 'canary-0123', LOG_LEVEL: 'info', CACHE_TTL: '60' }

/** The error of an environment that does not hold what is needed. */
function problemWith(make: () => unknown): FastMCPError {
  try {
    make()
  } catch (problem) {
    if (problem instanceof FastMCPError) return problem
    throw problem
  }
  throw new Error('It was taken')
}

describe('env', () => {
  it('gives what the schema makes of the variables it names, and nothing else', () => {
    const settings = env(Settings, { env: { ...good, DEBUG: 'true', PATH: '/bin' } })
    expect(settings).toEqual({ API_KEY: 'canary-0123', LOG_LEVEL: 'info', CACHE_TTL: 60, DEBUG: true })
    expect(Object.isFrozen(settings)).toBe(true)
  })

  it('reads the environment of the process', () => {
    vi.stubEnv('FASTMCP_TEST_NAME', 'Ada')
    expect(env(z.object({ FASTMCP_TEST_NAME: z.string() }))).toEqual({ FASTMCP_TEST_NAME: 'Ada' })
    vi.unstubAllEnvs()
  })

  it('has defaults for each environment, over which variables win', () => {
    const options = {
      development: { LOG_LEVEL: 'debug', CACHE_TTL: 0, API_KEY: 'for-everybody' },
      staging: { LOG_LEVEL: 'info', CACHE_TTL: 60 },
      production: { LOG_LEVEL: 'warn', CACHE_TTL: 300 },
    } as const
    const read = (variables: Record<string, string>) => env(Settings, { ...options, env: variables })
    const key = { API_KEY: 'canary-0123' }
    expect(read({})).toMatchObject({ LOG_LEVEL: 'debug', CACHE_TTL: 0 })
    expect(read({ ...key, NODE_ENV: 'production' })).toMatchObject({ LOG_LEVEL: 'warn', CACHE_TTL: 300 })
    expect(read({ ...key, NODE_ENV: 'production', APP_ENV: 'staging' })).toMatchObject({ LOG_LEVEL: 'info' })
    expect(read({ NODE_ENV: 'test' })).toMatchObject({ LOG_LEVEL: 'debug' })
    expect(read({ ...key, APP_ENV: 'production', CACHE_TTL: '5' })).toMatchObject({ CACHE_TTL: 5 })
    expect(env(Settings, { ...options, env: key, environment: 'staging' })).toMatchObject({ CACHE_TTL: 60 })
    expect(() => read({ NODE_ENV: 'production' })).toThrow('API_KEY is missing')
  })

  it('takes an environment of another name for a slip, and does not show it', () => {
    for (const variables of [
      { ...good, APP_ENV: 'canary' },
      { ...good, NODE_ENV: 'canary' },
    ]) {
      const { message } = problemWith(() => env(Settings, { env: variables }))
      expect(message).toMatch(/^(APP|NODE)_ENV must be one of development, staging, production, test$/)
    }
  })

  it('names everything that is missing or wrong at once, and what it is for', () => {
    const problem = problemWith(() =>
      env(Settings, { env: { LOG_LEVEL: 'loud', CACHE_TTL: '-1', DEBUG: 'maybe', API_KEY: '' } }),
    )
    expect(problem.code).toBe('ENVIRONMENT')
    expect(problem.message).toBe(
      [
        'The environment (development) does not hold what this program needs:',
        '  API_KEY is missing: Key of the weather service',
        '  LOG_LEVEL must be "debug", "info" or "warn"',
        '  CACHE_TTL must be at least 0',
        '  DEBUG must be a boolean',
      ].join('\n'),
    )
  })

  it.each([
    ['zod', z.object({ A: z.string(), B: z.number(), C: z.boolean().optional(), D: z.enum(['x', 'y']) })],
    ['arktype', type({ A: 'string', B: 'number', 'C?': 'boolean', D: "'x' | 'y'" })],
    [
      'valibot',
      toStandardJsonSchema(
        v.object({ A: v.string(), B: v.number(), C: v.optional(v.boolean()), D: v.picklist(['x', 'y']) }),
      ),
    ],
  ])('takes schemas of %s', (_, schema) => {
    expect(env(schema, { env: { A: 'a', B: '1.5', C: 'false', D: 'x' } })).toEqual({ A: 'a', B: 1.5, C: false, D: 'x' })
    const { message } = problemWith(() => env(schema, { env: { B: 'canary-5', C: 'canary', D: 'canary' } }))
    expect(message.split('\n').map((line) => line.trim().split(' ')[0])).toEqual(
      expect.arrayContaining(['A', 'B', 'C', 'D']),
    )
    expect(message).not.toContain('canary')
  })

  it('reads lists and objects from JSON', () => {
    const schema = z.object({ HOSTS: z.array(z.string()), LIMITS: z.object({ most: z.number() }) })
    const settings = env(schema, { env: { HOSTS: '["a","b"]', LIMITS: '{"most":3}' } })
    expect(settings).toEqual({ HOSTS: ['a', 'b'], LIMITS: { most: 3 } })
    const { message } = problemWith(() => env(schema, { env: { HOSTS: '[1]', LIMITS: '{"most":"canary"}' } }))
    expect(message).toContain('LIMITS')
    expect(message).not.toContain('canary')
  })

  it('shows no value, whatever an author writes into messages', () => {
    const loud = (value: string): string => `must not be ${value}, nor "${value.slice(0, 20)}"`
    const check = (value: string, ctx: z.RefinementCtx<string>): void => {
      ctx.addIssue({ code: 'custom', message: loud(value) })
    }
    const schema = z.object({ PIN: z.string().superRefine(check), KEY: z.string().superRefine(check) })
    const both = schema.superRefine((values, ctx) => {
      ctx.addIssue({ code: 'custom', message: `${values.KEY} does not go with ${values.PIN}` })
    })
    for (const each of [schema, both]) {
      const variables = { PIN: '1234', KEY: 'canary-of-many-letters-0123456789' }
      const { message } = problemWith(() => env(each, { env: variables }))
      expect(message).not.toMatch(/canary|1234/)
    }
    // What is in a message by chance is no value that was shown.
    const bounded = z.object({ N: z.number().min(10) })
    expect(problemWith(() => env(bounded, { env: { N: '1' } })).message).toContain('N must be at least 10')
  })

  it.each([
    ['zod', z.object({ URL: z.string().transform((text) => new URL(text)) })],
    ['arktype', type({ URL: type('string').pipe((text) => new URL(text)) })],
  ])('shows nothing of what a function in a schema of %s throws', (_, schema) => {
    const problem = problemWith(() => env(schema, { env: { URL: 'canary' } }))
    expect(problem.message).toContain('threw')
    expect(`${problem.message} ${problem.cause}`).not.toContain('canary')
  })

  it('says what schema cannot be', () => {
    expect(() => env(z.object({ A: z.string().refine(async () => true) }), { env: { A: 'a' } })).toThrow(FastMCPError)
    // As somebody without a compiler writes it.
    expect(() => env(undefined as never)).toThrow('env: the schema is undefined and no schema')
  })

  it('has no variable that means something to objects', () => {
    const settings = env(z.object({ constructor: z.string().optional(), A: z.string() }), { env: { A: 'a' } })
    expect(Object.keys(settings)).toEqual(['A'])
  })
})
