import { type Report, reportToStderr } from './mask.ts'
import { lastingProcess } from './runtime.ts'

/** What became of the problems that operators were to hear of. */
export interface ReportFigures {
  readonly reported: number
  /** Those that nobody heard of, for the sink failed or was too slow. */
  readonly dropped: number
  /** Promises that were rejected and that nobody looked after; counted under `run` alone. */
  readonly unhandledRejections: number
}

/** A way to tell operators that no sink can spoil, and what went that way. */
export interface Reporting {
  /** Never throws, never waits. */
  readonly report: Report
  /** Counts a rejection that nobody looked after. */
  readonly onRejection: () => void
  readonly figures: ReportFigures
}

/** Most reports that a sink may be busy with, and most text that may wait for a reader of standard error. */
const MOST = { pending: 1_000, waiting: 1024 * 1024 }

/**
 * Reports to `sink`, or else to standard error. A sink that throws, rejects or is not done with what it has loses
 * reports, and nothing else: they are counted, and the first of them is told on standard error.
 */
export function createReporting(sink: Report | undefined): Reporting {
  let reported = 0
  let dropped = 0
  let pending = 0
  let unhandledRejections = 0

  const drop = (cause: unknown): void => {
    dropped++
    if (dropped === 1)
      reportToStderr(new Error('onError failed: further failures of it are only counted', { cause }), {})
  }
  const hand = (problem: Error, facts: Readonly<Record<string, unknown>>): void => {
    // What authors give here may be asynchronous all the same.
    const done: unknown = sink?.(problem, facts)
    if (!(done instanceof Promise)) return
    pending++
    done.catch(drop).then(() => {
      pending--
    })
  }

  return {
    report(problem, facts) {
      reported++
      if (sink === undefined ? isStderrFull() : pending >= MOST.pending) {
        dropped++
        return
      }
      try {
        if (sink === undefined) reportToStderr(problem, facts)
        else hand(problem, facts)
      } catch (cause) {
        drop(cause)
      }
    },
    onRejection() {
      unhandledRejections++
    },
    get figures() {
      return { reported, dropped, unhandledRejections }
    },
  }
}

/** Whoever started this process may read nothing of it. */
function isStderrFull(): boolean {
  return (lastingProcess()?.stderr?.writableLength ?? 0) > MOST.waiting
}
