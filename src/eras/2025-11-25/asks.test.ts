import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { greeted, serve, TestClient } from '../../../tests/kit/stateful.ts'
import { type Json, text } from '../../../tests/kit/stateless.ts'
import type { Origin } from '../../engine/origin.ts'
import { Context } from '../../engine/context.ts'

type Asking = (origin: Origin) => Promise<unknown>
const FORM = { message: 'Sure?', requestedSchema: { type: 'object', properties: {} } }

/** A server whose tool asks by the origin of its request, as contexts do. */
function asking(ask: Asking) {
  const origins: Origin[] = []
  const constructed = vi.spyOn(Context.prototype, 'requestId', 'get')
  constructed.mockRestore()
  return serve({
    run: {
      'tools/call': async ({ context }) => text(JSON.stringify(await ask(originOf(context)))),
    },
  })
}
