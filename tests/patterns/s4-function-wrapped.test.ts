import { readFileSync } from 'node:fs'
import { describeEras } from '@fastmcp/ts/testing/vitest'
import { describe, expect, it } from 'vitest'
import { createServer } from '../../examples/patterns/s4-function-wrapped.ts'
import { fastmcp, project } from '../cli/sandbox.ts'

const source = readFileSync(new URL('../../examples/patterns/s4-function-wrapped.ts', import.meta.url), 'utf8')
const FIX = "\nexport const mcp = createServer('wrapped')\n"
const cwd = project({ 'wrapped.ts': source, 'fixed.ts': source + FIX })

const MESSAGE = `error: wrapped.ts exports no server: createServer is a function

  The server must be exported at module level, so that it is there as soon as the file is loaded.
  Keep the function and export what it makes:

    export function createServer(…) { … }
    export const mcp = createServer(…)

`

describe('S4: a server wrapped in a function', () => {
  it.each(['run', 'list'])('%s says what was found, what must be, and the two lines that mend it', async (command) => {
    expect(await fastmcp([command, 'wrapped.ts'], { cwd }).ended).toEqual({
      code: 1,
      stdout: '',
      stderr: MESSAGE,
    })
  })

  it('is told so in the guide', () => {
    const page = readFileSync(new URL('../../docs/guide/structure.md', import.meta.url), 'utf8')
    expect(page).toContain(MESSAGE.replace('wrapped.ts', 'server.ts').trim())
  })

  it.each(['stateless', 'stateful'])('is served in the %s era once it is mended so', async (era) => {
    const { code, stdout } = await fastmcp(['call', 'fixed.ts', 'ping', '--era', era], { cwd }).ended
    expect({ code, stdout }).toEqual({ code: 0, stdout: 'pong\n' })
  })
})

describeEras('S4: what the function makes', (open) => {
  it('is a server like any other', async () => {
    const client = await open(() => createServer('wrapped'))
    expect((await client.callTool('ping')).data).toBe('pong')
  })
})
