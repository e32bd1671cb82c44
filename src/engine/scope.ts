import { DefinitionError, FastMCPError } from '../protocol/errors.ts'
import type { Context } from './context.ts'
import type { AnyDependency, Dependency } from './dependency.ts'
import type { Home } from './home.ts'
import type { Origin } from './origin.ts'
import { later } from './timer.ts'

/** What one request holds until it is over: the apps that it has seen, and the dependencies made for it. */
export class Scope {
  readonly #origin: Origin
  readonly #homes = new Set<Home>()
  readonly #known = new Map<Home, Map<AnyDependency, Pending>>()
  /** In the order in which they were done, so that none comes before what it needed. */
  readonly #made: Made[] = []
  readonly #outliving: PromiseLike<unknown>[] = []
  #isOver: boolean

  constructor(origin: Origin, isOver: boolean) {
    this.#origin = origin
    this.#isOver = isOver
  }

  /** The app of a server, which is not ended before this request is over. */
  app(home: Home): unknown {
    const { app } = home
    if (!home.hasApp) return undefined
    this.enter(home)
    return app
  }

  /** The request has come to a server, whose app is not ended before it is over. */
  enter(home: Home): void {
    if (this.#isOver || this.#homes.has(home)) return
    this.#homes.add(home)
    home.enter()
  }

  /** The instance of this request, made if it is not there yet. One that could not be made is tried again. */
  async use<T>(dependency: Dependency<T, never>, { home, maker }: Asker, contextFor: ContextFor): Promise<T> {
    if (typeof dependency?.make !== 'function') throw new DefinitionError('ctx.use', 'give it what dependency() made')
    if (this.#isOver) throw tooLate(dependency.name)
    const known = this.#known.get(home) ?? new Map<AnyDependency, Pending>()
    this.#known.set(home, known)
    const pending = known.get(dependency) ?? this.#begin(dependency, known, contextFor)
    // Made by this dependency, for it was found by it.
    const value = pending.value as Promise<T>
    const { instance } = pending
    if (maker === undefined || instance.isMade) return value
    const circle = wayTo(maker, instance)
    if (circle !== undefined) throw circular([maker, ...circle])
    maker.awaits.add(instance)
    return value.finally(() => maker.awaits.delete(instance))
  }

  /** A handler has run out of time and goes on all the same: what it uses is not taken from it. */
  outlive(work: PromiseLike<unknown>): void {
    this.#outliving.push(work)
  }

  /**
   * The request is over. Gives a promise where its answer has to wait until what it used is disposed of. Whatever
   * goes wrong is reported, and changes nothing.
   */
  end(): Promise<void> | undefined {
    if (this.#isOver) return undefined
    this.#isOver = true
    if (this.#known.size === 0 && this.#outliving.length === 0) {
      this.#leave()
      return undefined
    }
    const disposed = this.#dispose()
    return this.#outliving.length === 0 ? this.#notTooLong(disposed) : undefined
  }

  #begin(dependency: AnyDependency, known: Map<AnyDependency, Pending>, contextFor: ContextFor): Pending {
    const instance: Instance = { dependency, awaits: new Set(), isMade: false }
    const make = this.#origin.application.replacements?.get(dependency) ?? dependency.make
    // Not at once: who waits for whom must be known before the maker asks for more.
    const value = Promise.resolve()
      // A maker gets the context of the handlers for whose app it was written.
      .then(() => make(contextFor(instance) as Context<never>))
      .then(
        (made) => {
          instance.isMade = true
          this.#made.push({ dependency, made })
          return made
        },
        (problem: unknown) => {
          known.delete(dependency)
          throw problem
        },
      )
    const pending = { instance, value }
    known.set(dependency, pending)
    return pending
  }

  async #dispose(): Promise<void> {
    await Promise.allSettled(this.#outliving)
    const pending = [...this.#known.values()].flatMap((known) => [...known.values()])
    await Promise.allSettled(pending.map(({ value }) => value))
    for (let last = this.#made.pop(); last !== undefined; last = this.#made.pop()) {
      const { dependency, made } = last
      try {
        await dependency.dispose(made as never) // which this dependency has made
      } catch (problem) {
        this.#report(problem, dependency.name)
      }
    }
    this.#leave()
  }

  #leave(): void {
    for (const home of this.#homes) home.leave()
    this.#homes.clear()
  }

  #notTooLong(disposed: Promise<void>): Promise<void> {
    return new Promise((resolve) => {
      const timer = later(() => {
        this.#report(new FastMCPError('DISPOSAL', `What a call used has not ended within ${DISPOSAL_MS} ms`))
        resolve()
      }, DISPOSAL_MS)
      void disposed.then(() => {
        clearTimeout(timer)
        resolve()
      })
    })
  }

  #report(problem: unknown, dependency?: string): void {
    const { application, requestId } = this.#origin
    const cause = problem instanceof Error ? problem : new Error(`${typeof problem} was thrown`, { cause: problem })
    application.report(cause, { during: 'disposal', requestId, ...(dependency !== undefined && { dependency }) })
  }
}

/** How long an answer is held back by the end of what its handler used. */
const DISPOSAL_MS = 5_000

/** One instance of a dependency, from when it is asked for. */
export interface Instance {
  readonly dependency: AnyDependency
  /** What its maker waits for just now. */
  readonly awaits: Set<Instance>
  isMade: boolean
}

/** Who asks for a dependency: a handler of a server, or the maker of another one. */
export interface Asker {
  readonly home: Home
  readonly maker: Instance | undefined
}

/** The context for the maker of an instance. */
type ContextFor = (instance: Instance) => Context

interface Pending {
  readonly instance: Instance
  readonly value: Promise<unknown>
}

interface Made {
  readonly dependency: AnyDependency
  readonly made: unknown
}

/** From `start` to `end` by what each waits for; undefined where there is no way. */
function wayTo(end: Instance, start: Instance): readonly Instance[] | undefined {
  if (start === end) return [end]
  for (const next of start.awaits) {
    const way = wayTo(end, next)
    if (way !== undefined) return [start, ...way]
  }
  return undefined
}

function circular(circle: readonly Instance[]): DefinitionError {
  const names = circle.map(({ dependency }) => dependency.name)
  return new DefinitionError(`dependency "${names[0]}"`, `it needs itself: ${names.join(' -> ')}; take one of them out`)
}

function tooLate(name: string): FastMCPError {
  return new FastMCPError('TOO_LATE', `ctx.use of "${name}" came after the call was over; wait for it in the handler`)
}
