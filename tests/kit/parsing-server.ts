import { createServer, type IncomingMessage } from 'node:http'
import type { AddressInfo } from 'node:net'
import busboy from 'busboy'
import { parse as parseCookies } from 'cookie'
import { RegExpRouter } from 'hono/router/reg-exp-router'
import qs from 'qs'
import type { Parameter } from '../../src/providers/openapi/routes/route.ts'

/** A parameter with what the server expects it to be: a text, a list of texts, an object of texts, or anything. */
export interface Expected {
  readonly parameter: Parameter
  readonly shape: 'text' | 'list' | 'object' | 'deep' | 'json'
  /** What stands before the names of the members of an object that has none of its own. */
  readonly prefix?: string
}

/** What the server read of a request. */
export interface Reading {
  readonly parameters: Readonly<Record<string, unknown>>
  readonly body: unknown
}

/** A server that reads requests with parsers of others, and answers with what it read. */
export interface ParsingServer extends AsyncDisposable {
  readonly url: string
}

/** Starts it for requests to `template`, in which each `:name` is a parameter of a path. */
export async function startParsingServer(template: string, expected: readonly Expected[]): Promise<ParsingServer> {
  const router = new RegExpRouter<true>()
  router.add('ALL', template, true)
  const read = async (request: IncomingMessage): Promise<Reading> => {
    const [path = '', query = ''] = (request.url ?? '').split(/\?(.*)/s, 2)
    const sources: Sources = { path: matchPath(router, path), query, headers: request.headers }
    const parameters = Object.fromEntries(expected.map((one) => [one.parameter.name, readParameter(one, sources)]))
    return { parameters, body: await readBody(request) }
  }
  const server = createServer({ maxHeaderSize: 256 * 1024 }, (request, response) => {
    read(request).then(
      (reading) => response.end(JSON.stringify(reading)),
      (problem: unknown) => response.writeHead(500).end(String(problem)),
    )
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo // it listens on a port
  return {
    url: `http://127.0.0.1:${port}`,
    [Symbol.asyncDispose]: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
}

/** Where parameters are read from; those of the path are not decoded yet, for what separates in them is not either. */
interface Sources {
  readonly path: Readonly<Record<string, string>>
  readonly query: string
  readonly headers: IncomingMessage['headers']
}

function matchPath(router: RegExpRouter<true>, path: string): Readonly<Record<string, string>> {
  const [[found], stash] = router.match('GET', path) as unknown as [[[true, Record<string, number>]?], string[]]
  if (found === undefined) throw new Error(`No route for ${path}`)
  return Object.fromEntries(Object.entries(found[1]).map(([name, index]) => [name, stash[index] ?? '']))
}

function readParameter(expected: Expected, { path, query, headers }: Sources): unknown {
  const { parameter } = expected
  if (parameter.in === 'path') return readPath(expected, path[parameter.name] ?? '')
  if (parameter.in === 'query') return readQuery(expected, query)
  if (parameter.in === 'cookie') return readCookie(expected, headers.cookie ?? '')
  const text = headers[parameter.name.toLowerCase()]
  return fromText(expected, String(text), { separator: ',', decode: asItIs })
}

const asItIs = (text: string): string => text

function readPath(expected: Expected, segment: string): unknown {
  const { name, style, explode } = expected.parameter
  // A letter stands before each of them in the path.
  const written = segment.slice(1)
  const decode = decodeURIComponent
  if (style === 'simple') return fromText(expected, written, { separator: ',', decode })
  const text = written.slice(1)
  if (style === 'label') return fromText(expected, text, { separator: explode ? '.' : ',', decode })
  const unnamed = explode && expected.shape === 'list' ? text.replaceAll(`${name}=`, '') : text
  if (explode && expected.shape !== 'text') return fromText(expected, unnamed, { separator: ';', decode })
  return fromText(expected, unnamed === name ? '' : unnamed.slice(name.length + 1), { separator: ',', decode })
}

function readQuery(expected: Expected, query: string): unknown {
  const { shape, prefix = '' } = expected
  const { name, style, explode } = expected.parameter
  if (style === 'form' && !explode && shape !== 'text') {
    const found: unknown = qs.parse(query, { comma: true })[name]
    return fromList(expected, Array.isArray(found) ? found : [found])
  }
  const found = qs.parse(query, { depth: 20, arrayLimit: 100, allowPrototypes: true })
  if (shape === 'deep' || (shape === 'text' && style !== 'deepObject')) return found[name]
  if (shape === 'json') return JSON.parse(String(found[name]))
  if (style === 'spaceDelimited' && !explode)
    return fromText(expected, String(found[name]), { separator: ' ', decode: asItIs })
  if (style === 'pipeDelimited' && !explode)
    return fromText(expected, String(found[name]), { separator: '|', decode: asItIs })
  if (shape === 'list') return Array.isArray(found[name]) ? found[name] : [found[name]]
  return Object.fromEntries(Object.entries(found).filter(([key]) => key.startsWith(prefix)))
}

function readCookie(expected: Expected, header: string): unknown {
  const { shape, prefix = '' } = expected
  const { name, style, explode } = expected.parameter
  const decode = style === 'cookie' ? asItIs : decodeURIComponent
  const found = parseCookies(header, { decode: asItIs })
  if (shape !== 'object' || !explode) return fromText(expected, found[name] ?? '', { separator: ',', decode })
  const members = Object.entries(found).filter(([key]) => key.startsWith(prefix))
  return Object.fromEntries(members.map(([key, text = '']) => [decode(key), decode(text)]))
}

interface Manner {
  readonly separator: string
  readonly decode: (text: string) => string
}

/** Splits first and decodes then, as RFC 6570 wants it. */
function fromText(expected: Expected, text: string, { separator, decode }: Manner): unknown {
  if (expected.shape === 'text') return decode(text)
  if (expected.shape === 'json') return JSON.parse(decode(text))
  if (expected.shape === 'list' || !expected.parameter.explode)
    return fromList(expected, text.split(separator).map(decode))
  return Object.fromEntries(
    text.split(separator).map((pair) => pair.split(/=(.*)/s, 2).map((part = '') => decode(part))),
  )
}

function fromList({ shape }: Expected, texts: readonly unknown[]): unknown {
  if (shape === 'list') return texts
  const places = texts.flatMap((_, index) => (index % 2 === 0 ? [index] : []))
  return Object.fromEntries(places.map((place) => [texts[place], texts[place + 1]]))
}

async function readBody(request: IncomingMessage): Promise<unknown> {
  const type = request.headers['content-type'] ?? ''
  if (type.startsWith('multipart/')) return readParts(request)
  const chunks: Buffer[] = []
  for await (const chunk of request) chunks.push(chunk)
  const bytes = Buffer.concat(chunks)
  if (/[/+]json$/.test(type)) return JSON.parse(bytes.toString())
  if (type.startsWith('text/')) return bytes.toString()
  if (type === 'application/x-www-form-urlencoded') return qs.parse(bytes.toString(), { depth: 20, arrayLimit: 100 })
  return type === '' ? null : bytes.toString('base64')
}

/** Every part in its order: name and text, or name, file name, media type and bytes in base64. */
function readParts(request: IncomingMessage): Promise<unknown> {
  const parts: unknown[][] = []
  return new Promise((resolve, reject) => {
    const parser = busboy({ headers: request.headers, defParamCharset: 'utf8' })
    parser.on('field', (name, text, { mimeType }) => parts.push([name, text, mimeType]))
    parser.on('file', (name, stream, { filename, mimeType }) => {
      const part: unknown[] = [name, filename, mimeType]
      const chunks: Buffer[] = []
      parts.push(part)
      stream.on('data', (chunk: Buffer) => chunks.push(chunk))
      stream.on('end', () => part.push(Buffer.concat(chunks).toString('base64')))
    })
    parser.on('close', () => resolve(parts))
    parser.on('error', reject)
    request.pipe(parser)
  })
}
