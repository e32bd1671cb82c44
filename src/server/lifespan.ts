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
  /** Adds a part, which begins with the next `begin`. The function it returns takes it out, ended if it had begun. */
  add(part: Part): () => Promise<void>
  /**
   * Begins every part that has not begun, in order; once for all who ask meanwhile. Rejects with what the first that
   * fails throws: those before it keep running, and the next `begin` tries the rest again.
   */
  begin(): Promise<void>
  /** As `begin`, for a server that this one is part of: nothing ends before what it gives is called, whoever calls `end`. */
  lend(): Promise<() => Promise<void>>
  /** Begins what was added since it was lent; as `begin` where it was not. */
  catchUp(): Promise<void>
  /** Ends every part, the last begun first; `begin` may begin them again. Rejects after all were tried. */
  end(): Promise<void>
}

interface Running {
  readonly part: Part
  readonly stop: (() => Awaitable<void>) | undefined
}

/** Makes a lifespan without parts. `onTurn` is called when `hasBegun` may have changed. */
export function createLifespan(onTurn: () => void): Lifespan {
  const waiting: Part[] = []
  const running: Running[] = []
  let turn: Promise<void> = Promise.resolve()
  let beginning: Promise<void> | undefined
  let isOwn = false
  let lent = 0

  // One after the other: an end that was asked for during a beginning ends what that began.
  const inTurn = (work: () => Promise<void>): Promise<void> => {
    const done = turn.then(work).finally(onTurn)
    turn = done.catch(() => undefined)
    return done
  }
  const startAll = async (): Promise<void> => {
    for (let part = waiting[0]; part !== undefined; part = waiting[0]) {
      running.push({ part, stop: await part.start() })
      waiting.splice(waiting.indexOf(part), 1)
    }
  }
  const begin = (): Promise<void> => {
    if (beginning !== undefined) return beginning
    const mine = inTurn(startAll).finally(() => {
      if (beginning === mine) beginning = undefined
    })
    beginning = mine
    return mine
  }
  const end = (): Promise<void> => {
    // Who begins from now on begins after this.
    beginning = undefined
    return inTurn(async () => {
      const stopping = running.splice(0)
      waiting.unshift(...stopping.map(({ part }) => part))
      // Whoever calls while they end waits for the next beginning.
      onTurn()
      await stopAll(stopping)
    })
  }
  const endIfIdle = async (): Promise<void> => {
    if (!isOwn && lent === 0) await end()
  }

  return {
    get hasBegun() {
      return waiting.length === 0
    },
    add(part) {
      waiting.push(part)
      onTurn()
      return () => inTurn(() => remove(part, waiting, running))
    },
    begin() {
      isOwn = true
      return begin()
    },
    catchUp() {
      isOwn ||= lent === 0
      return begin()
    },
    async lend() {
      lent++
      let isLent = true
      const giveBack = async (): Promise<void> => {
        if (!isLent) return
        isLent = false
        lent--
        await endIfIdle()
      }
      try {
        await begin()
        return giveBack
      } catch (problem) {
        // What did begin is of no use to anybody.
        await giveBack().catch(() => undefined)
        throw problem
      }
    },
    end() {
      isOwn = false
      return endIfIdle()
    },
  }
}

async function remove(part: Part, waiting: Part[], running: Running[]): Promise<void> {
  const place = waiting.indexOf(part)
  if (place >= 0) waiting.splice(place, 1)
  const begun = running.findIndex((one) => one.part === part)
  if (begun >= 0) await stopAll(running.splice(begun, 1))
}

async function stopAll(stopping: Running[]): Promise<void> {
  const problems: unknown[] = []
  for (let last = stopping.pop(); last !== undefined; last = stopping.pop()) {
    try {
      await last.stop?.()
    } catch (problem) {
      problems.push(problem)
    }
  }
  if (problems.length > 0) throw problems.length === 1 ? problems[0] : new AggregateError(problems)
}
