import { existsSync, readFileSync } from 'node:fs'
import { describe, expect, it, onTestFinished } from 'vitest'
import { ChildTransport, type Stderr } from './child.ts'

const LINUX = existsSync('/proc/self/stat')
const PING = { jsonrpc: '2.0', id: 1, method: 'ping' } as const

interface Watched {
  readonly child: ChildTransport
  readonly messages: unknown[]
  readonly problems: Error[]
  readonly closed: Promise<void>
  /** Resolves with the next message. */
  message(): Promise<unknown>
}

/** Starts `node -e script` and collects what comes of it. */
async function run(
  script: string,
  options: { stderr?: Stderr; graceMs?: number; args?: string[] } = {},
): Promise<Watched> {
  const { stderr = 'ignore', graceMs = 300, args = [] } = options
  const child = new ChildTransport({ command: process.execPath, args: ['-e', script, ...args] }, { stderr, graceMs })
  onTestFinished(() => child.close())
  const messages: unknown[] = []
  const problems: Error[] = []
  const waiting: ((message: unknown) => void)[] = []
  child.onmessage = (message) => {
    messages.push(message)
    waiting.shift()?.(message)
  }
  child.onerror = (problem) => problems.push(problem)
  const closed = new Promise<void>((resolve) => {
    child.onclose = resolve
  })
  await child.start()
  const message = (): Promise<unknown> => new Promise((resolve) => waiting.push(resolve))
  return { child, messages, problems, closed, message }
}

/** Sends `{"method": "told", "params": …}` from the child. */
const tell = (expression: string): string =>
  `console.log(JSON.stringify({ jsonrpc: '2.0', method: 'told', params: ${expression} }));`

/** Whether a process runs; one that waits to be buried does not. */
const isRunning = (pid: number): boolean => {
  try {
    return !/^\d+ \(.*\) Z/.test(readFileSync(`/proc/${pid}/stat`, 'utf8'))
  } catch {
    return false
  }
}

describe('SUB-01: a command', () => {
  it('gets its arguments as they are, with no shell between', async () => {
    const hostile = ['a b', ';id', '$(id)', '`id`', 'x\ny', '*', '"quoted"']
    const { message } = await run(`${tell('{ argv: process.argv.slice(1) }')} setInterval(() => {}, 1e3)`, {
      args: hostile,
    })
    expect(await message()).toMatchObject({ params: { argv: hostile } })
  })

  it.each([
    [{ command: 'no-such-program-anywhere' }, 'Cannot start "no-such-program-anywhere": no such program on PATH'],
    [{ command: import.meta.dirname }, 'Cannot start'],
    [{ command: 'node', cwd: '/no/such/place' }, 'or the directory "/no/such/place" does not exist'],
  ])('that cannot start says so: %j', async (command, words) => {
    const child = new ChildTransport(command, { stderr: 'ignore', graceMs: 100 })
    await expect(child.start()).rejects.toMatchObject({
      code: 'CONNECT_FAILED',
      message: expect.stringContaining(words),
    })
    await child.close()
  })
})

describe('SUB-02: the environment of a child', () => {
  it('holds six variables and what was given, nothing else of the parent', async () => {
    process.env.SECRET_OF_THE_PARENT = 'canary'
    onTestFinished(() => {
      delete process.env.SECRET_OF_THE_PARENT
    })
    const script = `${tell('process.env')} setInterval(() => {}, 1e3)`
    const child = new ChildTransport(
      { command: process.execPath, args: ['-e', script], env: { GIVEN: 'yes' } },
      { stderr: 'ignore', graceMs: 100 },
    )
    onTestFinished(() => child.close())
    const message = new Promise<{ params: Record<string, string> }>((resolve) => {
      child.onmessage = (told) => resolve(told as unknown as { params: Record<string, string> })
    })
    await child.start()
    const { params } = await message
    expect(params.GIVEN).toBe('yes')
    const allowed = ['HOME', 'LOGNAME', 'PATH', 'SHELL', 'TERM', 'USER', 'GIVEN']
    expect(Object.keys(params).filter((name) => !allowed.includes(name) && !name.startsWith('__'))).toEqual([])
  })
})

describe('SUB-03: a child that floods', () => {
  it('is ended when a line grows over the limit', async () => {
    const { child, closed, problems } = await run(`
      const chunk = 'x'.repeat(1 << 20)
      const pour = () => { while (process.stdout.write(chunk)); process.stdout.once('drain', pour) }
      pour()`)
    await closed
    expect(problems).toContainEqual(expect.objectContaining({ code: 'TOO_LARGE' }))
    await child.close()
    expect(child.ended).toBeDefined()
  })

  it('keeps the end of its standard error only', async () => {
    const script = `process.stderr.write('x'.repeat(1 << 20) + 'the end', () => { ${tell('{}')} }); setInterval(() => {}, 1e3)`
    const { child, message } = await run(script, { stderr: 'capture' })
    await message()
    await expect.poll(() => child.stderr.endsWith('the end')).toBe(true)
    expect(child.stderr.length).toBeLessThanOrEqual(64 * 1024)
  })

  it('shows its standard error to a function', async () => {
    let seen = ''
    await run(`console.error('hello'); setInterval(() => {}, 1e3)`, { stderr: (text) => (seen += text) })
    await expect.poll(() => seen).toContain('hello')
  })

  it('goes on after lines that are no messages', async () => {
    const { message } = await run(
      `console.log('listening'); console.log('{}'); ${tell('{ after: true }')} setInterval(() => {}, 1e3)`,
    )
    expect(await message()).toMatchObject({ params: { after: true } })
  })
})

describe.runIf(LINUX)('SUB-04: closing', () => {
  it('lets a polite child leave by the end of its input', async () => {
    const { child } = await run(`process.stdin.on('end', () => console.log('{}')).resume()`, { graceMs: 10_000 })
    const pid = child.pid ?? 0
    const from = Date.now()
    await child.close()
    expect(Date.now() - from).toBeLessThan(5_000)
    expect(isRunning(pid)).toBe(false)
  })

  it('ends one that is still starting', async () => {
    const child = new ChildTransport(
      { command: process.execPath, args: ['-e', 'setInterval(() => {}, 1e3)'] },
      { stderr: 'ignore', graceMs: 100 },
    )
    const starting = expect(child.start()).rejects.toMatchObject({ code: 'CONNECTION_CLOSED' })
    const pid = child.pid ?? 0
    await child.close()
    await starting
    expect(isRunning(pid)).toBe(false)
  })

  it('ends one that ignores the end of input and SIGTERM', async () => {
    const { child, message } = await run(`process.on('SIGTERM', () => {}); setInterval(() => {}, 1e3); ${tell('{}')}`)
    await message()
    const pid = child.pid ?? 0
    await child.close()
    expect(isRunning(pid)).toBe(false)
  })

  it('ends what the child started, too', async () => {
    const stubborn = `process.on('SIGTERM', () => {}); setInterval(() => {}, 1e3)`
    const { child, message } = await run(`
      const kid = require('node:child_process').spawn(process.execPath, ['-e', ${JSON.stringify(stubborn)}], { stdio: 'inherit' })
      kid.on('spawn', () => { ${tell('{ kid: kid.pid }')} })
      process.stdin.on('end', () => process.exit(0)).resume()`)
    const told = (await message()) as { params: { kid: number } }
    expect(isRunning(told.params.kid)).toBe(true)
    await child.close()
    await expect.poll(() => isRunning(told.params.kid)).toBe(false)
  })

  it('leaves nothing behind when the child dies by itself', async () => {
    const { closed, message, child } = await run(`
      const kid = require('node:child_process').spawn(process.execPath, ['-e', 'setInterval(() => {}, 1e3)'], { stdio: 'inherit' })
      kid.on('spawn', () => { ${tell('{ kid: kid.pid }')} })
      process.stdin.once('data', () => process.exit(3))`)
    const told = (await message()) as { params: { kid: number } }
    await child.send(PING)
    await closed
    await child.close()
    await expect.poll(() => isRunning(told.params.kid)).toBe(false)
    expect(child.ended).toContain('code 3')
  })
})

describe('SUB-05: a child that dies', () => {
  it('closes the connection at once', async () => {
    const { child, closed } = await run(`process.stdin.once('data', () => process.kill(process.pid, 'SIGKILL'))`)
    await child.send(PING)
    await closed
    await expect(child.send(PING)).rejects.toMatchObject({ code: 'CONNECTION_CLOSED' })
    await expect.poll(() => child.ended).toContain('SIGKILL')
  })
})

describe.runIf(LINUX)('SUB-08: many connections', () => {
  it('leave no listener and no descriptor open', async () => {
    const { readdirSync } = await import('node:fs')
    const open = (): number => readdirSync('/proc/self/fd').length
    const once = async (): Promise<void> => {
      const { child } = await run('process.stdin.resume()')
      await child.close()
    }
    await once()
    const [before, listeners] = [open(), process.listenerCount('exit')]
    for (let i = 0; i < 20; i++) await once()
    await expect.poll(open).toBeLessThanOrEqual(before)
    await expect.poll(() => process.listenerCount('exit')).toBeLessThanOrEqual(listeners)
  })
})
