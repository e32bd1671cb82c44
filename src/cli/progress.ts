import { oneLine } from './table.ts'

interface Report {
  readonly progress: number
  readonly total?: number
  readonly message?: string
}

/** Where progress is shown. */
export interface ProgressStream {
  readonly isTTY?: boolean
  readonly columns?: number
  write(text: string): unknown
}

/** A way to tell on standard error how far a call is. */
export interface ProgressLine {
  tell(report: Report): void
  /** Takes the line away while something else writes there. */
  hide(): void
  /** Brings it back, once for every `hide`. */
  show(): void
  /** Takes the line away for good, or until the next report. */
  clear(): void
}

const ERASE = '\r\u001b[K'
const SPINNER = ['|', '/', '-', '\\'] as const
const TURN_MS = 100

/**
 * On a terminal one line that is written over, with a spinner where nobody knows the end;
 * elsewhere a line for each report.
 */
export function progressLine(stream: ProgressStream): ProgressLine {
  return stream.isTTY === true
    ? new TerminalLine(stream)
    : {
        tell: (report) => void stream.write(`${describe(report)}\n`),
        hide: () => undefined,
        show: () => undefined,
        clear: () => undefined,
      }
}

class TerminalLine implements ProgressLine {
  readonly #stream: ProgressStream
  #latest: Report | undefined
  #spinning: ReturnType<typeof setInterval> | undefined
  #turn = 0
  #hidden = 0

  constructor(stream: ProgressStream) {
    this.#stream = stream
  }

  tell(report: Report): void {
    this.#latest = report
    this.#draw()
    if (isMeasured(report)) this.#stop()
    // A spinner is no reason for the process to live on.
    else this.#spinning ??= setInterval(() => this.#spin(), TURN_MS).unref()
  }

  hide(): void {
    if (this.#isShown()) this.#stream.write(ERASE)
    this.#hidden += 1
  }

  show(): void {
    this.#hidden = Math.max(0, this.#hidden - 1)
    this.#draw()
  }

  clear(): void {
    if (this.#isShown()) this.#stream.write(ERASE)
    this.#latest = undefined
    this.#stop()
  }

  #spin(): void {
    this.#turn = (this.#turn + 1) % SPINNER.length
    this.#draw()
  }

  #stop(): void {
    clearInterval(this.#spinning)
    this.#spinning = undefined
  }

  #draw(): void {
    const report = this.#latest
    if (report === undefined || this.#hidden > 0) return
    const text = isMeasured(report) ? describe(report) : `${SPINNER[this.#turn]} ${describe(report)}`
    // What wraps could not be written over.
    const room = (this.#stream.columns || Number.POSITIVE_INFINITY) - 1
    this.#stream.write(`${ERASE}${[...text].slice(0, room).join('')}`)
  }

  #isShown(): boolean {
    return this.#latest !== undefined && this.#hidden === 0
  }
}

function isMeasured({ total }: Report): boolean {
  return total !== undefined && total > 0
}

function describe(report: Report): string {
  const { progress, total, message } = report
  const share = isMeasured(report) ? `${progress}/${total}` : `${progress}`
  return message === undefined ? share : `${share} ${oneLine(message)}`
}
