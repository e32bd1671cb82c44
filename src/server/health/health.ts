import type { Application } from '../../engine/application.ts'
import { checkNumber, LONGEST_TIMER } from '../../resilience/setting.ts'
import type { Diagnosis } from '../diagnosis/findings.ts'
import type { Lifespan } from '../lifespan.ts'
import type { ReportFigures, Reporting } from '../reporting.ts'
import { type CheckResults, Checks, type HealthCheck } from './checks.ts'
import { LoopLag } from './loop-lag.ts'
import { heapFill, type MemoryFigures, memoryFigures } from './memory.ts'

/** What is looked at to say how a server is. Times in milliseconds. */
export interface HealthOptions {
  /** What the server needs, by name. */
  readonly checks?: Readonly<Record<string, HealthCheck>>
  /** How long a check may take before it counts as down; default 2,000. */
  readonly timeoutMs?: number
  /** How long results are given again before checks are run anew; default 1,000. */
  readonly keepMs?: number
  /** How late the event loop may be before `/ready` says no; default 200. */
  readonly maxLagMs?: number
  /** How full the heap may be before `/ready` says no, from 0 to 1; default 0.85. */
  readonly maxHeap?: number
}

/** How a server is. Nothing in it tells why a check failed. */
export interface HealthStatus {
  /** `degraded` where a check is down or there is too much to do. */
  readonly status: 'healthy' | 'degraded'
  readonly name: string
  readonly version: string
  /** Seconds since the server was made. */
  readonly uptime: number
  readonly ready: boolean
  readonly checks: CheckResults
  /** Bytes. */
  readonly memory: MemoryFigures
  readonly eventLoop: { readonly lagMs: number }
  /** Problems that were reported to operators, or could not be. */
  readonly problems: ReportFigures
  /** What was found out about handlers, where somebody looks. */
  readonly diagnosis?: Diagnosis
}

/** Whether requests should come here, and what speaks against it. */
export interface Readiness {
  readonly isReady: boolean
  readonly reasons: readonly ('starting' | 'overloaded')[]
}

/** What a health is told about. */
export interface Patient {
  readonly identity: Application['identity']
  readonly lifespan: Pick<Lifespan, 'hasBegun' | 'begin'>
  readonly reporting: Reporting
  readonly watch: { readonly figures: Diagnosis } | undefined
}

/** How a server is, and whether it can take more. */
export interface Health {
  /** Never rejects. */
  status(): Promise<HealthStatus>
  /** At once, without running any check; never throws. */
  readiness(): Readiness
}

const DEFAULTS = { timeoutMs: 2_000, keepMs: 1_000, maxLagMs: 200, maxHeap: 0.85 }

/** Makes the health of a server. Throws `FastMCPError` for an option that cannot be. */
export function createHealth(options: HealthOptions = {}, patient: Patient): Health {
  const { timeoutMs, keepMs, maxLagMs, maxHeap } = { ...DEFAULTS, ...options }
  checkNumber('health.timeoutMs', timeoutMs, { least: 1, most: LONGEST_TIMER })
  checkNumber('health.keepMs', keepMs, { least: 0 })
  checkNumber('health.maxLagMs', maxLagMs, { least: 1 })
  checkNumber('health.maxHeap', maxHeap, { least: 0, most: 1 })
  const { identity, lifespan, reporting, watch } = patient
  const { report } = reporting
  const checks = new Checks(options.checks ?? {}, { timeoutMs, keepMs, report })
  const lag = new LoopLag()
  const made = performance.now()

  const isOverloaded = (): boolean => lag.read() > maxLagMs || heapFill() > maxHeap
  let isBeginning = false
  // Where calls would begin the lifespan, nobody would call a server that is not ready for the want of it.
  const begin = (): void => {
    if (isBeginning) return
    isBeginning = true
    const fail = (problem: unknown): void => report(toError(problem), { during: 'the start' })
    lifespan
      .begin()
      .catch(fail)
      .then(() => {
        isBeginning = false
      })
  }

  const readiness = (): Readiness => {
    const reasons: Readiness['reasons'][number][] = []
    if (!lifespan.hasBegun) {
      begin()
      reasons.push('starting')
    }
    if (isOverloaded()) reasons.push('overloaded')
    return { isReady: reasons.length === 0, reasons }
  }

  return {
    readiness,
    async status() {
      const lagMs = Math.round(lag.read())
      const { isReady, reasons } = readiness()
      const results = await checks.results()
      const isDegraded =
        reasons.includes('overloaded') || Object.values(results).some(({ status }) => status === 'down')
      return {
        status: isDegraded ? 'degraded' : 'healthy',
        name: identity.name,
        version: identity.version,
        uptime: Math.round((performance.now() - made) / 1000),
        ready: isReady,
        checks: results,
        memory: memoryFigures(),
        eventLoop: { lagMs },
        problems: reporting.figures,
        ...(watch && { diagnosis: watch.figures }),
      }
    },
  }
}

function toError(problem: unknown): Error {
  return problem instanceof Error ? problem : new Error('Something that is no error was thrown', { cause: problem })
}
