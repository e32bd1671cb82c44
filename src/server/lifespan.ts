import type { Awaitable } from '../engine/call.ts'

/** Something that runs beside the calls of a server, from before the first until after the last. */
export interface Part {
  /** Begins; what it returns ends it. */
  start(): Awaitable<(() => Awaitable<void>) | undefined>
}

/** The parts of a server that begin and end with it. */
export interface Lifespan {
  /** Whether all parts have begun, so that nothing is to be waited for. */
  readonly hasBegun: boolean
  /** Adds a part, which begins with the next `begin`. */
  add(part: Part): void
  /**
   * Begins every part that has not begun, in order. Rejects with what the first that fails throws: those before
   * it keep running, and the next `begin` tries the rest again.
   */
  begin(): Promise<void>
  /** Ends every part, the last begun first; `begin` may begin them again. Rejects after all were tried. */
  end(): Promise<void>
}

/** Makes a lifespan without parts. `onTurn` is called when `hasBegun` has changed. */
export function createLifespan(onTurn: () => void): Lifespan {
  const waiting: Part[] = []
  const running: { readonly part: Part; readonly stop: (() => Awaitable<void>) | undefined }[] = []
  let turn: Promise<void> = Promise.resolve()

  // One after the other: an end that was asked for during a beginning ends what that began.
  const inTurn = (work: () => Promise<void>): Promise<void> => {
    const done = turn.then(work)
    turn = done.catch(() => undefined)
    return done.finally(onTurn)
  }

  return {
    get hasBegun() {
      return waiting.length === 0
    },
    add(part) {
      waiting.push(part)
      onTurn()
    },
    begin: () =>
      inTurn(async () => {
        for (let part = waiting[0]; part !== undefined; part = waiting[0]) {
          running.push({ part, stop: await part.start() })
          waiting.shift()
        }
      }),
    end: () =>
      inTurn(async () => {
        const problems: unknown[] = []
        for (let last = running.pop(); last !== undefined; last = running.pop()) {
          waiting.unshift(last.part)
          await attempt(last.stop, problems)
        }
        if (problems.length > 0) throw problems.length === 1 ? problems[0] : new AggregateError(problems)
      }),
  }
}

async function attempt(stop: (() => Awaitable<void>) | undefined, problems: unknown[]): Promise<void> {
  try {
    await stop?.()
  } catch (problem) {
    problems.push(problem)
  }
}
