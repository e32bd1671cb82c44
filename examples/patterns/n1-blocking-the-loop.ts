/**
 * What not to do, and what to do instead. While a handler computes, nobody else is served. In development such a tool is named on
 * standard error, with how long it took, whether it computes at once or after it has waited; waiting itself holds nobody up.
 *
 *     npx fastmcp call examples/patterns/n1-blocking-the-loop.ts hash_at_once rounds=1000000
 */
import { pbkdf2, pbkdf2Sync } from 'node:crypto'
import { setTimeout as sleep, setImmediate as turn } from 'node:timers/promises'
import { promisify } from 'node:util'
import { FastMCP } from '@fastmcp/ts'
import { z } from 'zod'

export const mcp = new FastMCP({ name: 'hashes', version: '1.0.0', health: {} })
const input = z.object({ rounds: z.int().min(1).max(10_000_000) })

// #region blocking
mcp.tool('hash_at_once', { description: 'Computes in one go: not like this', input }, ({ rounds }) =>
  pbkdf2Sync('secret', 'salt', rounds, 32, 'sha512').toString('hex'),
)
// #endregion

mcp.tool('hash_after_wait', { description: 'Waits first: not like this either', input }, async ({ rounds }) => {
  await sleep(10)
  return pbkdf2Sync('secret', 'salt', rounds, 32, 'sha512').toString('hex')
})

// #region aside
mcp.tool('hash_aside', { description: 'Computes in a thread that Node keeps for this', input }, async ({ rounds }) =>
  (await promisify(pbkdf2)('secret', 'salt', rounds, 32, 'sha512')).toString('hex'),
)
// #endregion

// #region turns
mcp.tool('hash_in_parts', { description: 'Lets others have their turn', input }, async ({ rounds }, ctx) => {
  let hash = Buffer.from('secret')
  for (let done = 0; done < rounds; done += 1_000) {
    hash = pbkdf2Sync(hash, 'salt', 1_000, 32, 'sha512')
    await turn()
    ctx.signal.throwIfAborted()
  }
  return hash.toString('hex')
})
// #endregion

mcp.tool('wait', { description: 'Holds nobody up', input: z.object({ ms: z.int().max(60_000) }) }, ({ ms }, ctx) =>
  sleep(ms, 'done', { signal: ctx.signal }),
)
