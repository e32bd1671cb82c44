/**
 * What the judges look at. A leg is one way of looking at the fixture, and has an id under which
 * `expected-failures.json` names the scenarios that are still to come.
 *
 * A conformance leg takes the scenarios that `select` selects; `skips` are those that can do no
 * more than skip. An inspector leg makes the same four asks over one transport in one era.
 */
export const LEGS = [
  {
    id: 'server 2026-07-28',
    judge: 'conformance',
    select: ['--requirements', '2026-07-28'],
    skips: ['tasks-status-notifications'],
  },
  { id: 'server 2025-11-25', judge: 'conformance', select: ['--requirements', '2025-11-25'] },
  { id: 'server 2025-06-18', judge: 'conformance', select: ['--suite', 'all', '--spec-version', '2025-06-18'] },
  { id: 'server 2025-03-26', judge: 'conformance', select: ['--suite', 'all', '--spec-version', '2025-03-26'] },
  { id: 'inspector http stateful', judge: 'inspector', transport: 'http', era: 'legacy' },
  { id: 'inspector http stateless', judge: 'inspector', transport: 'http', era: 'modern' },
  { id: 'inspector http auto', judge: 'inspector', transport: 'http', era: 'auto' },
  { id: 'inspector stdio stateful', judge: 'inspector', transport: 'stdio', era: 'legacy' },
  { id: 'inspector stdio stateless', judge: 'inspector', transport: 'stdio', era: 'modern' },
  { id: 'inspector stdio auto', judge: 'inspector', transport: 'stdio', era: 'auto' },
]
