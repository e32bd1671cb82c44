import type { Context } from '../../engine/context.ts'
import type { Watch, Watched } from '../../engine/watch.ts'
import type { Report } from '../mask.ts'
import { lastingProcess } from '../runtime.ts'
import { type Diagnosis, Findings } from './findings.ts'
import { Processor } from './processor.ts'
import { createTrace, NOTICED_MS, now, type Trace } from './trace.ts'

/** A watch, and what it has found. */
export interface LoopWatch extends Watch {
  readonly figures: Diagnosis
}

/** Whether authors want to hear of what their functions do to each other: where they develop, or say so. */
export function wantsDiagnosis(option: boolean | undefined): boolean {
  const process = lastingProcess()
  return process !== undefined && (option ?? process.env?.NODE_ENV !== 'production')
}

/**
 * Names functions that block the event loop for more than 100 ms, before their first wait or after it, and those that
 * outlive their time without having looked at `ctx.signal`.
 */
export function createWatch(report: Report): LoopWatch {
  return new HandlerWatch(report)
}

class HandlerWatch implements LoopWatch {
  readonly #findings: Findings
  readonly #processor = new Processor()
  readonly #trace: Trace | undefined

  constructor(report: Report) {
    this.#findings = new Findings(report)
    this.#trace = createTrace(this.#processor, (label, ms) => this.#findings.blocked(label, ms))
  }

  get figures(): Diagnosis {
    return this.#findings.figures
  }

  run<Args, R>(watched: Watched<Args, R>, args: Args, context: Context): R {
    const { label, work, goesOn } = watched
    const trace = goesOn === false ? undefined : this.#trace
    const began = now()
    this.#processor.note(began)
    try {
      const returned = trace?.open() ? trace.run(label, work, args, context) : work(args, context)
      // What once went on may do so again.
      if (goesOn !== true) watched.goesOn = typeof returned === 'object' && returned !== null && 'then' in returned
      return returned
    } finally {
      this.#judge(label, began)
    }
  }

  outlived(label: string, timeoutMs: number): void {
    this.#findings.outlived(label, timeoutMs)
  }

  #judge(label: string, began: number): void {
    const end = now()
    this.#trace?.skip(end)
    const ms = end - began
    if (ms <= NOTICED_MS || this.#processor.wasTaken(ms, end)) return
    if (this.#trace !== undefined) this.#trace.hasNamed = true
    this.#findings.blocked(label, ms)
  }
}
