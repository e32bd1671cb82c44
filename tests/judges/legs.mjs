/** Skills are in no requirement set of the suite. */
const SERVER_SKILLS = ['sep-2640-skills-directory', 'sep-2640-skills-enumeration', 'sep-2640-skills-manifest']
const CLIENT_SKILLS = [
  'sep-2640-client-no-prefetch',
  'sep-2640-client-verify-digest',
  'sep-2640-client-verify-size',
  'sep-2640-client-verify-frontmatter',
]

/**
 * What the judges look at. A leg is one way of looking at the fixture, and has an id under which
 * `expected-failures.json` names the scenarios that are still to come.
 *
 * A conformance leg takes the scenarios that `select` selects, or those in `scenarios`; `skips` says
 * of which scenario what may be skipped: true for one that can do no more, else what its check says. A
 * client leg takes what `select` selects and `also`. With `proxied` a proxy stands before the fixture, and asks it in the way
 * of that era; with `runtime` the fixture runs there, and may fail where the leg that it is `like` may. A doors leg lets that
 * runtime go through the doors of the package by itself. An inspector leg makes the same four asks over one transport in one era.
 */
export const LEGS = [
  {
    id: 'server 2026-07-28',
    judge: 'conformance',
    select: ['--requirements', '2026-07-28'],
    skips: { 'tasks-status-notifications': true },
  },
  { id: 'server 2025-11-25', judge: 'conformance', select: ['--requirements', '2025-11-25'] },
  { id: 'server 2025-06-18', judge: 'conformance', select: ['--suite', 'all', '--spec-version', '2025-06-18'] },
  { id: 'server 2025-03-26', judge: 'conformance', select: ['--suite', 'all', '--spec-version', '2025-03-26'] },
  { id: 'server skills 2026-07-28', judge: 'conformance', scenarios: SERVER_SKILLS, revision: '2026-07-28' },
  {
    id: 'server skills 2025-11-25',
    judge: 'conformance',
    scenarios: SERVER_SKILLS,
    revision: '2025-11-25',
    // The revision has no cache hints.
    skips: { 'sep-2640-skills-enumeration': /ttlMs and cacheScope are defined from 2026-07-28/ },
  },
  {
    id: 'proxy 2026-07-28',
    judge: 'conformance',
    proxied: 'stateless',
    select: ['--requirements', '2026-07-28'],
    skips: { 'tasks-status-notifications': true },
  },
  { id: 'proxy 2025-11-25', judge: 'conformance', proxied: 'stateful', select: ['--requirements', '2025-11-25'] },
  ...['Node 22', 'Node 24', 'Bun', 'Deno', 'Workers'].flatMap((runtime) => [
    {
      id: `${runtime} 2026-07-28`,
      like: 'server 2026-07-28',
      judge: 'conformance',
      runtime,
      select: ['--requirements', '2026-07-28'],
      skips: { 'tasks-status-notifications': true },
    },
    { id: `${runtime} 2025-11-25`, judge: 'conformance', runtime, select: ['--requirements', '2025-11-25'] },
    { id: `${runtime} doors`, judge: 'doors', runtime },
  ]),
  {
    id: 'client 2026-07-28',
    judge: 'client',
    revision: '2026-07-28',
    select: ['--requirements', '2026-07-28'],
    also: CLIENT_SKILLS,
    // The revision has no handshake.
    skips: { 'http-standard-headers': /did not send a (initialize|notifications\/initialized) request/ },
  },
  {
    id: 'client 2025-11-25',
    judge: 'client',
    revision: '2025-11-25',
    select: ['--requirements', '2025-11-25'],
    also: CLIENT_SKILLS,
  },
  { id: 'client 2025-06-18', judge: 'client', revision: '2025-06-18', select: ['--spec-version', '2025-06-18'] },
  { id: 'client 2025-03-26', judge: 'client', revision: '2025-03-26', select: ['--spec-version', '2025-03-26'] },
  { id: 'inspector http stateful', judge: 'inspector', transport: 'http', era: 'legacy' },
  { id: 'inspector http stateless', judge: 'inspector', transport: 'http', era: 'modern' },
  { id: 'inspector http auto', judge: 'inspector', transport: 'http', era: 'auto' },
  { id: 'inspector stdio stateful', judge: 'inspector', transport: 'stdio', era: 'legacy' },
  { id: 'inspector stdio stateless', judge: 'inspector', transport: 'stdio', era: 'modern' },
  { id: 'inspector stdio auto', judge: 'inspector', transport: 'stdio', era: 'auto' },
]
