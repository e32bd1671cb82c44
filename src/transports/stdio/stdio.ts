import type { Readable, Writable } from 'node:stream'
import { failureText } from '../../eras/encode.ts'
import type { Eras } from '../../eras/negotiate.ts'
import { FastMCPError, McpError } from '../../protocol/errors.ts'
import type { Report } from '../http/options.ts'
import { until } from '../until.ts'
import { type LineSink, LineSplitter } from './lines.ts'
import { PacedReader } from './reader.ts'
import { holdStdout } from './stdout.ts'
import { LineWriter } from './writer.ts'

const { isUtf8 } = process.getBuiltinModule('node:buffer')

/** How stdio is served. Sizes in bytes, times in milliseconds. */
export interface StdioOptions {
  /** Default: standard input. */
  readonly input?: Readable | undefined
  /** Default: standard output, which is held for messages alone while this serves. */
  readonly output?: Writable | undefined
  /** Longest message. A longer one is answered with an error and skipped. Default 8 MiB. */
  readonly lineLimit?: number | undefined
  /** Most output that waits for a client that does not read, before it counts as gone. Default 16 MiB. */
  readonly outputLimit?: number | undefined
  /** How long work in flight may go on after the end of the input. Default 2 s. */
  readonly drainMs?: number | undefined
  /** Ends the service as the end of the input does. */
  readonly signal?: AbortSignal | undefined
  /** Where the one warning about foreign output goes; by default to the error stream. */
  readonly report?: Report | undefined
}

const MIB = 1024 * 1024
const FOREIGN_OUTPUT =
  'Something wrote to standard output, which carries MCP messages. Its text goes to standard error: ' +
  'use console.error or ctx.log instead'
const TOO_LONG = failureText(undefined, new McpError('PARSE_ERROR', 'The line is longer than this server takes'))
const NOT_UTF8 = failureText(undefined, new McpError('PARSE_ERROR', 'The line is not valid UTF-8'))

/**
 * Serves the eras over stdio, one message per line. Resolves once the input has ended or the client
 * is gone, and what was in flight is answered or out of time. It does not end the process.
 *
 * @example
 * await serveStdio(eras)
 * process.exit(0)
 */
export async function serveStdio(eras: Eras, options: StdioOptions = {}): Promise<void> {
  const limit = options.outputLimit ?? 16 * MIB
  if (options.output !== undefined) {
    await serve(eras, options, new LineWriter(options.output, { limit }))
    return
  }
  const report = options.report ?? ((problem) => process.stderr.write(`${problem.message}\n`))
  const held = holdStdout(() => report(new FastMCPError('STDOUT', FOREIGN_OUTPUT), { during: 'serving stdio' }))
  try {
    await serve(eras, options, new LineWriter(process.stdout, { limit, write: held.write }))
  } finally {
    held.release()
  }
}

async function serve(eras: Eras, options: StdioOptions, writer: LineWriter): Promise<void> {
  const connection = eras.connect({ flow: writer, send: (text) => writer.send(text) })
  const sink: LineSink = {
    line: (bytes) => (isUtf8(bytes) ? connection.receive(bytes.toString()) : writer.send(NOT_UTF8)),
    tooLong: () => writer.send(TOO_LONG),
  }
  await takeAll(options, new LineSplitter(sink, options.lineLimit ?? 8 * MIB), writer)

  const end = performance.now() + (options.drainMs ?? 2_000)
  await until(() => writer.isLost || !connection.busy, end - performance.now())
  connection.close()
  await writer.end(end - performance.now())
}

/** Resolves when nothing more is to be read: the input is over, the client is gone, or somebody stops it. */
function takeAll(options: StdioOptions, splitter: LineSplitter, writer: LineWriter): Promise<void> {
  const { input = process.stdin, signal } = options
  return new Promise((resolve) => {
    const reader = new PacedReader(input, {
      take: (chunk) => writer.together(() => splitter.push(chunk)),
      isFull: () => writer.isFull,
      onEnd() {
        splitter.end()
        stop()
      },
    })
    const stop = (): void => {
      signal?.removeEventListener('abort', stop)
      reader.release()
      resolve()
    }
    signal?.addEventListener('abort', stop)
    writer.onLost = stop
    writer.onDrain = () => reader.resume()
    if (signal?.aborted || writer.isLost) stop()
  })
}
