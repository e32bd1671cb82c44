import { readFileSync } from 'node:fs'
import { createServer, type RequestListener } from 'node:http'
import type { AddressInfo } from 'node:net'
import { PassThrough } from 'node:stream'
import { describe, expect, it, onTestFinished } from 'vitest'
import { connect } from './connect.ts'

async function serve(listener: RequestListener): Promise<string> {
  const server = createServer(listener)
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  onTestFinished(() => {
    server.closeAllConnections()
    server.close()
  })
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}/mcp`
}

/** Answers a handshake and nothing else; `before` runs ahead of every message. */
const server = (before = ''): string => `
  require('node:readline').createInterface({ input: process.stdin }).on('line', (line) => {
    const { id, method, params } = JSON.parse(line)
    ${before}
    if (method !== 'initialize') return
    const result = {
      protocolVersion: params.protocolVersion, capabilities: {},
      serverInfo: { name: params.clientInfo.name, version: params.clientInfo.version },
    }
    console.log(JSON.stringify({ jsonrpc: '2.0', id, result }))
  })`

const run = (script: string) => ({ command: process.execPath, args: ['-e', script] })

describe('a target that cannot be', () => {
  it.each([
    ['ftp://example.com/', 'Cannot connect to "ftp://example.com/"'],
    ['http://', 'Cannot connect to "http://"'],
    ['', 'The command is empty'],
    [{}, 'an object with the members (none)'],
    [{ url: 'http://x' }, 'an object with the members url'],
    [{ command: '' }, 'a command without a program'],
    [undefined, 'a undefined'],
    [{ mcpServers: {} }, 'a config without servers'],
    [{ mcpServers: { a: run(''), b: { url: 'gopher://x' } } }, 'Cannot connect to "gopher://x"'],
    [{ mcpServers: { a: { url: 'gopher://x' } } }, 'Cannot connect to "gopher://x"'],
  ])('%j is refused with what would work', async (target, words) => {
    const problem = await connect(target as string).catch((thrown: unknown) => thrown)
    expect(problem).toMatchObject({ code: 'BAD_TARGET', message: expect.stringContaining(words) })
  })
})

describe('a command', () => {
  it('is reached as an object, as a line and from a config', async () => {
    const command = run(
      server(
        `if (method === 'server/discover') console.log(JSON.stringify({ jsonrpc: '2.0', id, error: { code: -32601, message: 'no' } }))`,
      ),
    )
    const line = `"${command.command}" -e '${command.args[1]?.replaceAll("'", `"`)}'`
    for (const target of [command, line, { mcpServers: { one: command } }]) {
      const client = await connect(target, { name: 'me', version: '1.2.3' })
      expect(client.serverInfo).toMatchObject({ name: 'me', version: '1.2.3' })
      await client.close()
    }
  })

  it('that leaves at an unknown question is asked again in the old way', async () => {
    const client = await connect(run(server(`if (method === 'server/discover') process.exit(1)`)), { stderr: 'ignore' })
    onTestFinished(() => client.close())
    expect(client.era).toBe('stateful')
  })

  it('that is silent until the handshake gets it', async () => {
    const client = await connect(run(server()), { connectTimeout: 2_000 })
    onTestFinished(() => client.close())
    expect(client.era).toBe('stateful')
  })

  it('that dies says how, and what it wrote last', async () => {
    const dying = connect(run(`console.error('no API_KEY'); process.exit(7)`), { stderr: 'capture' })
    await expect(dying).rejects.toMatchObject({
      code: 'CONNECT_FAILED',
      message: 'The server process ended with code 7: no API_KEY',
    })
  })

  it('that never answers is given up and ended', async () => {
    let pid = 0
    const stderr = (text: string): void => {
      pid = Number(text)
    }
    const silent = connect(run(`console.error(process.pid); setInterval(() => {}, 1e3)`), {
      stderr,
      connectTimeout: 500,
      graceTimeout: 100,
    })
    await expect(silent).rejects.toMatchObject({ code: 'TIMEOUT', message: expect.stringContaining('connectTimeout') })
    await expect.poll(() => pid > 0 && !isRunning(pid)).toBe(true)
  })
})

function isRunning(pid: number): boolean {
  try {
    return process.kill(pid, 0)
  } catch {
    return false
  }
}

describe('an address', () => {
  it('where nobody listens', async () => {
    await expect(connect('http://127.0.0.1:9/mcp')).rejects.toMatchObject({
      code: 'CONNECT_FAILED',
      message: expect.stringMatching(/fetch failed: (.*ECONNREFUSED|bad port)/),
    })
  })

  it.each([
    [401, 'UNAUTHORIZED'],
    [403, 'UNAUTHORIZED'],
    [404, 'HTTP_ERROR'],
    [500, 'HTTP_ERROR'],
    [503, 'HTTP_ERROR'],
  ])('that answers %i', async (status, code) => {
    const url = await serve((_, response) => response.writeHead(status).end('<html>'))
    await expect(connect(url)).rejects.toMatchObject({ code, status })
  })

  it('that answers with a page', async () => {
    const url = await serve((_, response) => response.writeHead(200, { 'content-type': 'text/html' }).end('<html>'))
    await expect(connect(url)).rejects.toMatchObject({ code: 'INVALID_ANSWER' })
  })

  it('that answers with what is no message', async () => {
    const url = await serve((_, response) =>
      response.writeHead(200, { 'content-type': 'application/json' }).end('{"a":1}'),
    )
    await expect(connect(url, { era: 'stateful' })).rejects.toMatchObject({ code: 'INVALID_ANSWER' })
  })

  it('that hangs is given up, by time or by signal', async () => {
    const url = await serve(() => undefined)
    await expect(connect(url, { connectTimeout: 100 })).rejects.toMatchObject({ code: 'TIMEOUT' })
    const abort = new AbortController()
    const reason = new Error('enough')
    const connecting = connect(url, { signal: abort.signal })
    abort.abort(reason)
    await expect(connecting).rejects.toBe(reason)
    await expect(connect(url, { signal: abort.signal })).rejects.toBe(reason)
  })

  it('CL-05: that breaks off in the middle of an event fails the request at once', async () => {
    const url = await serve((request, response) => {
      let body = ''
      request.on('data', (chunk) => (body += chunk))
      request.on('end', () => {
        const { id, method } = body === '' ? { id: 0, method: '' } : JSON.parse(body)
        const result = {
          protocolVersion: '2025-06-18',
          capabilities: { tools: {} },
          serverInfo: { name: 'x', version: '1' },
        }
        if (method === 'initialize') {
          response
            .writeHead(200, { 'content-type': 'application/json' })
            .end(JSON.stringify({ jsonrpc: '2.0', id, result }))
        } else if (method === 'tools/call') {
          response.writeHead(200, { 'content-type': 'text/event-stream' })
          response.write('event: message\ndata: {"jsonrpc":"2.0","id":', () => response.destroy())
        } else response.writeHead(method === '' ? 405 : 202).end()
      })
    })
    const client = await connect(url, { era: 'stateful' })
    onTestFinished(() => client.close())
    await expect(client.callTool('any')).rejects.toMatchObject({ code: 'CONNECTION_CLOSED' })
  })

  it('gets the headers it was given, also from a config', async () => {
    const seen: unknown[] = []
    const url = await serve((request, response) => {
      seen.push(request.headers['x-tenant'], request.headers.authorization)
      response.writeHead(401).end()
    })
    await connect(url, { headers: { 'x-tenant': 'a', authorization: 'Bearer b' } }).catch(() => undefined)
    const config = { mcpServers: { one: { url, headers: { 'x-tenant': 'c' } } } }
    await connect(config, { headers: { authorization: 'Bearer d' } }).catch(() => undefined)
    expect(seen).toEqual(['a', 'Bearer b', 'c', 'Bearer d'])
  })

  it('sends nothing to another origin that it is redirected to', async () => {
    let reached = false
    const elsewhere = await serve((_, response) => {
      reached = true
      response.writeHead(200).end()
    })
    const url = await serve((_, response) => response.writeHead(307, { location: elsewhere }).end())
    await expect(connect(url, { headers: { authorization: 'Bearer b' } })).rejects.toThrow()
    expect(reached).toBe(false)
  })
})

it('two streams that end before an answer', async () => {
  const [input, output] = [new PassThrough(), new PassThrough()]
  const connecting = connect({ input, output })
  input.end()
  await expect(connecting).rejects.toThrow()
})

it('introduces itself with the version of the package', async () => {
  const { version } = JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8'))
  const client = await connect(run(server()), { era: 'stateful' })
  onTestFinished(() => client.close())
  expect(client.serverInfo?.version).toBe(version)
})
