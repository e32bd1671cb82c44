import { printable } from './table.ts'

interface Report {
  readonly progress: number
  readonly total?: number
  readonly message?: string
}

/** A way to tell on standard error how far a call is. */
export interface ProgressLine {
  tell(report: Report): void
  /** Takes the line away. */
  clear(): void
}

/** On a terminal one line that is written over, elsewhere a line for each report. */
export function progressLine(stream: Pick<NodeJS.WriteStream, 'write' | 'isTTY'>): ProgressLine {
  let isShown = false
  return {
    tell(report) {
      isShown = stream.isTTY === true
      stream.write(isShown ? `\r\u001b[K${describe(report)}` : `${describe(report)}\n`)
    },
    clear() {
      if (isShown) stream.write('\r\u001b[K')
      isShown = false
    },
  }
}

function describe({ progress, total, message }: Report): string {
  const share = total === undefined || total <= 0 ? `${progress}` : `${progress}/${total}`
  return message === undefined ? share : `${share} ${printable(message)}`
}
