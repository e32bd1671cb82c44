import { it } from 'vitest'
import { type Context, dependency, FastMCP } from '../index.ts'
import { createTestClient } from './index.ts'

const mcp = new FastMCP({ name: 'types', version: '1.0.0', lifespan: () => ({ zone: 'UTC' }) })
const clock = dependency('clock', (ctx: Context<{ zone: string }>) => ({ zone: ctx.app.zone, now: (): number => 0 }))
const user = dependency('user', async () => 'Ada')

it('a dependency is replaced by something of its type', () => {
  createTestClient(mcp, { replace: [[clock, () => ({ zone: 'Mars', now: () => 7 })]] })
  createTestClient(mcp, {
    era: 'stateless',
    replace: [
      [clock, async () => ({ zone: 'Mars', now: () => 7 })],
      [user, (ctx) => ctx.auth?.subject ?? 'Bea'],
    ],
  })
  // @ts-expect-error there is no time in it
  createTestClient(mcp, { replace: [[clock, () => ({ zone: 'Mars' })]] })
  // @ts-expect-error a number is no name
  createTestClient(mcp, { replace: [[user, () => 7]] })
  // @ts-expect-error that is no dependency
  createTestClient(mcp, { replace: [['user', () => 'Bea']] })
})
