import { readFileSync } from 'node:fs'

const version = (path) => JSON.parse(readFileSync(new URL(path, import.meta.url), 'utf8')).version
const installed = (name) => `${name} ${version(`node_modules/${name}/package.json`)}`

const OURS = `@fastmcp/ts ${version('../package.json')}`
const SDK = '@modelcontextprotocol/server'

/**
 * Everybody who runs. `peer` marks those that our targets are set against, `extra` the word
 * that a contender's file takes after port and number of tools, `other` those that run only with `--dist`.
 */
export const CONTENDERS = [
  { id: 'bare', file: 'bare', era: 'stateless', what: () => `node:http ${process.version}, parse and stringify` },
  {
    id: 'bare-bytes',
    file: 'bare',
    extra: 'prepared',
    era: 'stateless',
    what: () => 'the same, list prepared as bytes',
  },
  { id: 'ours', file: 'ours', era: 'stateless', what: () => `${OURS}, stateless` },
  { id: 'ours-stateful', file: 'ours', era: 'stateful', what: () => `${OURS}, stateful without a session` },
  {
    id: 'ours-layers',
    file: 'ours',
    extra: 'layers',
    era: 'stateless',
    what: () => `${OURS}, 3 middlewares, context, signal`,
  },
  {
    id: 'ours-kit',
    file: 'ours',
    extra: 'kit',
    era: 'stateless',
    what: () => `${OURS}, errors + logging + timing + rateLimit + cache (miss)`,
  },
  { id: 'other', file: 'ours', era: 'stateless', other: true, what: () => 'the build named by --dist, stateless' },
  {
    id: 'other-stateful',
    file: 'ours',
    era: 'stateful',
    other: true,
    what: () => 'the same, stateful without a session',
  },
  {
    id: 'sdk',
    file: 'sdk-documented',
    era: 'stateless',
    peer: 'SDK v2',
    what: () => `${installed(SDK)}, as documented, stateless`,
  },
  {
    id: 'sdk-stateful',
    file: 'sdk-documented',
    era: 'stateful',
    peer: 'SDK v2',
    what: () => 'the same, stateful without a session',
  },
  {
    id: 'sdk-low',
    file: 'sdk-low-level',
    era: 'stateless',
    peer: 'SDK v2 low-level',
    what: () => `${installed(SDK)}, low-level, per request`,
  },
  {
    id: 'sdk-session',
    file: 'sdk-session',
    era: 'stateful',
    session: true,
    peer: 'SDK v2 low-level',
    what: () => 'the same, one server reused in one session',
  },
  {
    id: 'fastmcp',
    file: 'fastmcp',
    era: 'stateful',
    peer: 'fastmcp',
    what: () => `${installed('fastmcp')}, stateless mode, JSON`,
  },
  {
    id: 'mcp-lite',
    file: 'mcp-lite',
    era: 'stateful',
    revision: '2025-06-18',
    peer: 'mcp-lite',
    what: () => `${installed('mcp-lite')}, fetch handler on ${installed('@hono/node-server')}`,
  },
  { id: 'flat', file: 'mounts', era: 'stateless', what: () => `${OURS}, 10 tools of its own` },
  {
    id: 'mounts',
    file: 'mounts',
    extra: 'mounts',
    era: 'stateless',
    what: () => `${OURS}, 5,000 tools of 50 mounted servers`,
  },
  { id: 'behind', file: 'ours', era: 'stateless', what: () => `${OURS}, as it stands behind the proxies` },
  { id: 'proxy', file: 'proxy', era: 'stateless', what: () => `${OURS} as a proxy over HTTP` },
  {
    id: 'sdk-proxy',
    file: 'sdk-proxy',
    era: 'stateless',
    peer: 'SDK v2',
    what: () => `the same proxy of the official client and server, ${installed('@modelcontextprotocol/client')}`,
  },
]

/** What is measured: a workload, the number of tools registered, who takes part, and over how many connections where not 16. */
export const MATCHES = [
  {
    id: 'tools/call',
    workload: 'call',
    count: 52,
    who: [
      'bare',
      'ours',
      'ours-stateful',
      'ours-layers',
      'ours-kit',
      'other',
      'other-stateful',
      'sdk',
      'sdk-stateful',
      'sdk-low',
      'sdk-session',
      'fastmcp',
      'mcp-lite',
    ],
  },
  {
    id: 'tools/list',
    workload: 'list',
    count: 52,
    who: [
      'bare',
      'bare-bytes',
      'ours',
      'ours-stateful',
      'other',
      'other-stateful',
      'sdk',
      'sdk-stateful',
      'sdk-low',
      'sdk-session',
      'fastmcp',
      'mcp-lite',
    ],
  },
  { id: 'tools/list of 520', workload: 'list', count: 520, who: ['bare', 'bare-bytes', 'ours'] },
  { id: 'mounts', workload: 'mounted', count: 10, who: ['bare', 'flat', 'mounts'] },
  { id: 'mounts, one page', workload: 'page', count: 10, who: ['bare', 'flat', 'mounts'] },
  { id: 'proxy', workload: 'call', count: 52, who: ['bare', 'behind', 'proxy', 'sdk-proxy'] },
  {
    id: 'proxy, one connection',
    workload: 'call',
    count: 52,
    connections: 1,
    who: ['bare', 'behind', 'proxy', 'sdk-proxy'],
  },
]
