import { fileURLToPath } from 'node:url'
import { defineConfig, type ViteUserConfig } from 'vitest/config'

const source = (path: string): string => fileURLToPath(new URL(`./src/${path}`, import.meta.url))

const test = (path: string): string => fileURLToPath(new URL(`./tests/${path}`, import.meta.url))

/** Rooms whose tests change nothing that others see. */
const ROOMS = [
  'src/{schema,protocol,components,transforms,providers,middleware,upstream,resilience}/**/*.test.ts',
  'tests/{matrix,docs}/**/*.test.ts',
]

const config: ViteUserConfig = defineConfig({
  resolve: {
    alias: [
      // With a tap: every message of these tests is held against the schemas of its revision.
      { find: /^@fastmcp\/ts\/testing\/vitest$/, replacement: test('tap/describe-eras.ts') },
      { find: /^@fastmcp\/ts$/, replacement: source('index.ts') },
      { find: /^@fastmcp\/ts\/skills$/, replacement: source('extensions/skills/index.ts') },
      { find: /^@fastmcp\/ts\/(proxy|filesystem|openapi)$/, replacement: source('providers/$1/index.ts') },
      { find: /^@fastmcp\/ts\/(code-mode)$/, replacement: source('transforms/$1/index.ts') },
      { find: /^@fastmcp\/ts\/(.+)$/, replacement: source('$1/index.ts') },
    ],
  },
  test: {
    globalSetup: ['tests/build.ts'],
    projects: [
      // Tests of functions, which need no process of their own.
      { extends: true, test: { name: 'rooms', include: ROOMS, isolate: false } },
      {
        extends: true,
        test: {
          name: 'house',
          include: [
            'src/**/*.test.ts',
            'tests/*.test.ts',
            'tests/{matrix,hardening,peers,cli,tap,differential,isolation,patterns,docs}/**/*.test.ts',
          ],
          exclude: ROOMS,
          typecheck: { enabled: true, include: ['src/**/*.test-d.ts'], checker: 'tsc' },
        },
      },
    ],
    reporters: process.env.CI ? ['default', ['json', { outputFile: '.cache/tests.json' }]] : ['default'],
    // All processors: tests wait for sockets, processes and files more than they compute.
    maxWorkers: '100%',
    testTimeout: 20_000,
    hookTimeout: 30_000,
  },
})
export default config
