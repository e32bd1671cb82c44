/** The streams of a process, as far as the CLI needs them. */
export interface Streams {
  readonly stdout: NodeJS.WriteStream
  readonly stderr: NodeJS.WriteStream
  readonly env: Readonly<Record<string, string | undefined>>
}

/** Terminal codes that begin and end a style. */
const STYLES = { bold: [1, 22], red: [31, 39], cyan: [36, 39] } as const

/** On anything narrower lines are left to wrap. */
const NARROWEST = 40

/** Gives text a style; the text alone where nobody would see it. */
export type Paint = (style: keyof typeof STYLES, text: string) => string

/** Where a command writes: its answer to standard output, everything else to standard error. */
export interface Output {
  /** Writes lines of the answer. */
  print(text: string): void
  /** Writes lines about the work: progress, addresses, warnings. */
  note(text: string): void
  /** For text that `print` writes. */
  readonly paint: Paint
  /** For text that `note` writes. */
  readonly tint: Paint
  /** Columns of the terminal, or infinity where there is none. */
  readonly width: number
  /** Whether somebody looks at the answer on a terminal. */
  readonly isTerminal: boolean
  /** Resolves when the whole answer is written. */
  flush(): Promise<void>
  /** Gives standard output back to the rest of the process. */
  release(): void
}

/**
 * Takes standard output for the answer alone: until `release`, whatever else the process
 * writes there (a `console.log` of a loaded server) goes to standard error.
 */
export function takeOutput({ stdout, stderr, env }: Streams): Output {
  const write = stdout.write
  stdout.write = stderr.write.bind(stderr)
  // Whoever reads the answer may have seen enough: `fastmcp list … | head`.
  const lost = ({ code }: NodeJS.ErrnoException): void => process.exit(code === 'EPIPE' ? 0 : 1)
  stdout.on('error', lost)
  return {
    print: (text) => void write.call(stdout, `${text}\n`),
    note: (text) => void stderr.write(`${text}\n`),
    paint: painter(stdout, env),
    tint: painter(stderr, env),
    // A terminal that does not know its size says 0.
    width: stdout.isTTY && stdout.columns > 0 ? Math.max(stdout.columns, NARROWEST) : Number.POSITIVE_INFINITY,
    isTerminal: stdout.isTTY === true,
    flush: () => new Promise((resolve) => write.call(stdout, '', 'utf8', () => resolve())),
    release() {
      stdout.write = write
      stdout.off('error', lost)
    },
  }
}

function painter(stream: NodeJS.WriteStream, env: Streams['env']): Paint {
  const colourful = stream.isTTY === true && !env.NO_COLOR && env.TERM !== 'dumb'
  if (!colourful) return (_style, text) => text
  return (style, text) => {
    const [begin, end] = STYLES[style]
    return `\u001b[${begin}m${text}\u001b[${end}m`
  }
}
