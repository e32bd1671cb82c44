import { lastingProcess } from '../runtime.ts'

/** What a process has had of the processor; the part of Node's figures that is needed. */
interface Usage {
  /** Microseconds. */
  readonly userCPUTime: number
  readonly systemCPUTime: number
  /** How often the processor was taken away. */
  readonly involuntaryContextSwitches: number
}

/** How old a note may grow: what was used before a delay then hardly counts into it. */
const FRESH_MS = 20
/** Who computed for less in more than 100 ms is not what took so long. */
const COMPUTED_MS = 50
/** Others seldom have the processor for longer before it comes back. */
const LONGEST_TURN_MS = 200

/**
 * Tells work that kept the processor, or waited in place for something, from work that a crowded machine did not let go
 * on: nobody is to blame for that.
 */
export class Processor {
  #notedAt = Number.NEGATIVE_INFINITY
  #noted: Usage | undefined

  /** Notes what was used so far, unless it was noted just now; to be called before work that may take long. */
  note(now: number): void {
    if (now - this.#notedAt < FRESH_MS) return
    this.#notedAt = now
    this.#noted = usage()
  }

  /** Whether work that took so long, and ended at `end`, lacked a processor for most of it. */
  wasTaken(ms: number, end: number): boolean {
    const [before, after] = [this.#noted, usage()]
    this.#notedAt = end
    this.#noted = after
    if (before === undefined || after === undefined) return false
    const computedMs = (computed(after) - computed(before)) / 1000
    const times = after.involuntaryContextSwitches - before.involuntaryContextSwitches
    return computedMs < COMPUTED_MS && times * LONGEST_TURN_MS > ms - computedMs
  }
}

function computed({ userCPUTime, systemCPUTime }: Usage): number {
  return userCPUTime + systemCPUTime
}

function usage(): Usage | undefined {
  return lastingProcess()?.resourceUsage?.()
}
