import type { Stop } from '../../engine/application.ts'
import type { Report } from '../http/options.ts'
import { quietly, toError } from '../http/site.ts'

/** How a process is taken care of. */
export interface ProcessCare {
  /** Ends the service gracefully, in bounded time. */
  readonly stop: () => Promise<void>
  readonly report: Report
  /** Told of each unhandled rejection, besides the report. */
  readonly onRejection?: (() => void) | undefined
  /** Default: `process.exit`. */
  readonly exit?: ((code: number) => void) | undefined
}

const SIGNALS = { SIGTERM: 143, SIGINT: 130 } as const

/**
 * Takes care of the process that a server runs in. A signal stops gracefully and exits with 0, a
 * second one exits at once; an unhandled rejection is reported and survived; an uncaught exception
 * stops gracefully and exits with 1. For programs that only serve: a library must leave the process alone.
 *
 * @example
 * const release = careForProcess({ stop: () => listening.close(), report })
 */
export function careForProcess({ stop, exit = process.exit, ...care }: ProcessCare): Stop {
  const report = quietly(care.report)
  let isStopping = false

  async function leave(code: number): Promise<void> {
    if (isStopping) return
    isStopping = true
    try {
      await stop()
    } catch (problem) {
      report(toError(problem), { during: 'the shutdown' })
    }
    exit(code)
  }

  const onSignal = (signal: keyof typeof SIGNALS): void => {
    if (isStopping) exit(SIGNALS[signal])
    else void leave(0)
  }
  const onRejection = (problem: unknown): void => {
    care.onRejection?.()
    report(toError(problem), { during: 'an unhandled rejection' })
  }
  const onException = (problem: Error): void => {
    report(problem, { during: 'an uncaught exception' })
    void leave(1)
  }

  process.on('SIGTERM', onSignal)
  process.on('SIGINT', onSignal)
  process.on('unhandledRejection', onRejection)
  process.on('uncaughtException', onException)
  return () => {
    process.off('SIGTERM', onSignal)
    process.off('SIGINT', onSignal)
    process.off('unhandledRejection', onRejection)
    process.off('uncaughtException', onException)
  }
}
