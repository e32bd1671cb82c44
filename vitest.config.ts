import { fileURLToPath } from 'node:url'
import { defineConfig, type ViteUserConfig } from 'vitest/config'

const source = (path: string): string => fileURLToPath(new URL(`./src/${path}`, import.meta.url))

const test = (path: string): string => fileURLToPath(new URL(`./tests/${path}`, import.meta.url))

/** Tests that change nothing that others see: they share their modules. */
const SHARING = ['src/**/*.test.ts', 'tests/{matrix,docs,patterns}/**/*.test.ts']

/** Those among them that need modules of their own: they replace a clock, a console or the environment for all. */
const APART = [
  'src/eras/2025-11-25/asks.test.ts',
  'src/server/reporting.test.ts',
  'src/server/diagnosis/*.test.ts',
  'tests/patterns/{a3,c1,d1,d2,d3,e1,e2,h2,n1,n2,p2,r2,x3}-*.test.ts',
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
    setupFiles: ['tests/seed.ts'],
    projects: [
      // Tests of functions, which need no process of their own.
      { extends: true, test: { name: 'rooms', include: SHARING, exclude: APART, isolate: false } },
      {
        extends: true,
        test: {
          name: 'house',
          include: [...APART, 'tests/*.test.ts', 'tests/{hardening,peers,cli,tap,differential,isolation}/**/*.test.ts'],
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
