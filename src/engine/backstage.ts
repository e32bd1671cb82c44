import type { ToolDefinition } from '../protocol/definitions.ts'
import type { McpError } from '../protocol/errors.ts'
import { Asking } from './asking.ts'
import type { Awaitable } from './call.ts'
import { CallSignal } from './call-signal.ts'
import { BACKSTAGE, Context } from './context.ts'
import type { Dependency } from './dependency.ts'
import { type Home, NO_HOME } from './home.ts'
import type { Origin } from './origin.ts'
import { OuterServer } from './outer-server.ts'
import { type Outward, outwardThrough } from './outward.ts'
import { type ProgressReports, progressOf } from './progress.ts'
import { Scope } from './scope.ts'
import { Unwinding } from './unwinding.ts'
import { DIRECT, type Way } from './way.ts'

/**
 * What stands behind the `Context` of a call: where it comes from, and what the house does with it while its handler runs.
 * One per context; its parts are made when they are first touched.
 */
export class Backstage {
  readonly origin: Origin
  /** How the call has come to where it is seen from. */
  readonly way: Way
  /** The same call as authors see it. */
  readonly context: Context
  #signal: CallSignal | undefined
  #state: Map<string, unknown> | undefined
  #reports: ProgressReports | undefined
  #asking: Asking | undefined
  #scope: Scope | undefined
  #handler: 'ahead' | 'begun' | 'over' = 'ahead'

  constructor(origin: Origin, way: Way = DIRECT) {
    this.origin = origin
    this.way = way
    this.context = new Context(this)
  }

  /** The version that it is to be answered in; undefined for any. */
  get version(): string | undefined {
    const { depth, version } = this.way
    const wanted = version ?? (depth === 0 ? this.origin.meta?.['fastmcp/version'] : undefined)
    return typeof wanted === 'string' ? wanted : undefined
  }

  get state(): Map<string, unknown> {
    this.#state ??= new Map()
    return this.#state
  }

  get signal(): AbortSignal {
    this.#signal ??= new CallSignal()
    return this.#signal.of(this.origin, this.way.outer)
  }

  /** Whether anybody has looked at `signal`. */
  get isHeeded(): boolean {
    return this.#signal?.isHeeded === true
  }

  /** Aborts `signal`. What is used stays with work that goes on all the same. */
  cancel(reason: McpError, goesOn?: PromiseLike<unknown>): void {
    if (goesOn !== undefined) this.held.outlive(goesOn)
    if (this.way.isView) this.way.outer?.cancel(reason)
    this.#signal ??= new CallSignal()
    this.#signal.cancel(reason)
  }

  /** Where progress is reported; undefined where nobody wants to hear of it. */
  get progress(): ProgressReports | undefined {
    const { outer, isPart } = this.way
    // What a call does on its way to its result is its own progress.
    if (outer !== undefined) return isPart ? outer.progress : undefined
    this.#reports ??= progressOf(this.origin)
    return this.#reports
  }

  /** Sends progress that is held back, ahead of an answer. */
  flush(): void {
    this.#reports?.flush()
  }

  /** The questions of the handler to its client. */
  get asking(): Asking {
    this.#asking ??= new Asking(this.origin)
    return this.#asking
  }

  /** What the client was asked on the way so far; undefined: nothing in this run. */
  get asked(): Pick<Asking, 'waited' | 'hasAsked'> | undefined {
    return this.#asking
  }

  /** A handler begins, the first time or again: its questions are then the same ones. */
  beginRun(): void {
    const { outer, isView } = this.way
    if (isView) outer?.beginRun()
    if (outer === undefined) this.#asking?.begin(this.#handler !== 'ahead')
    if (this.#handler === 'ahead') this.#handler = 'begun'
  }

  /** Throws where this run has asked what ends it, so that nothing it returns is taken for a result. */
  checkUnwinding(): void {
    if (this.origin.unwinding) throw new Unwinding()
  }

  /** What the lifespan of the handler's server gave. */
  app(): unknown {
    return this.held.app(this.home)
  }

  /** The instance that this request has of a dependency. */
  use<T>(dependency: Dependency<T, never>): Promise<T> {
    const by = { home: this.home, maker: this.way.maker }
    return this.held.use(dependency, by, (maker) => this.seen({ maker }))
  }

  /** The request is over, if it is the one that came to this home. Gives what its answer has to wait for. */
  end(home: Home): Promise<void> | undefined {
    if (this.way.outer !== undefined || this.origin.application.home !== home) return undefined
    this.#handler = 'over'
    return this.#scope?.end()
  }

  /** The server that the client talks to, to be asked on the way of this call. */
  get server(): OuterServer {
    return new OuterServer(this)
  }

  /** The definition of a tool as this caller sees it; undefined where they have no such tool, or may not call it with `args`. */
  definitionOf(tool: string, args?: unknown): Awaitable<ToolDefinition | undefined> {
    const name = this.way.outward?.above('tool', tool) ?? tool
    return this.origin.application.toolNamed(name, this.context, args)
  }

  /** The context of a handler that runs as part of this one, for tools made of other tools: the same but for its time. */
  inner(): Context {
    return this.seen({ isView: false })
  }

  /** The same call, for one version of what it asks for. */
  wanting(version: string): Context {
    return this.version === version ? this.context : this.seen({ version })
  }

  /** The same call as it is seen below a change of names. */
  through(outward: Outward): Context {
    return this.seen({ outward: outwardThrough(outward, this.way.outward) })
  }

  /** The same call as the handlers of another server see it, that it has come to: it may look at the app whenever it likes. */
  within(home: Home): Context {
    const here = this.home
    if (home === here || !(home.hasApp || here.hasApp)) return this.context
    if (home.hasApp) this.held.enter(home)
    return this.seen({ home, maker: undefined })
  }

  /**
   * The context of another call on the way of this one; `isPart` where it is all that this one does. With a name its
   * questions are told apart from those of others.
   */
  below({ isPart = false, name }: Below = {}): Context {
    const below = new Backstage(this.origin, { ...DIRECT, outer: this, isPart, depth: this.way.depth + 1 })
    below.#asking = name === undefined ? this.asking : new Asking(this.origin, { asking: this.asking, name })
    return below.context
  }

  // What follows is public because private methods would cost each call a mark of its own.

  /** The server whose handlers see it. */
  get home(): Home {
    return this.way.home ?? this.origin.application.home ?? NO_HOME
  }

  /** What the whole request holds until it is over. */
  get held(): Scope {
    const { outer } = this.way
    this.#scope ??= outer === undefined ? new Scope(this.origin, this.#handler === 'over') : outer.held
    return this.#scope
  }

  /** The same call, seen from elsewhere. */
  seen(change: Partial<Way>): Context {
    const seen = new Backstage(this.origin, { ...this.way, outer: this, isPart: true, isView: true, ...change })
    seen.#asking = this.asking
    seen.#state = this.state
    return seen.context
  }
}

/** The context of a call that has just come from its client. */
export function contextOf(origin: Origin): Context {
  return new Backstage(origin).context
}

/** What stands behind a context. */
export function backstageOf(context: Context): Backstage {
  return (context as unknown as Behind)[BACKSTAGE] // which every context has
}

interface Behind {
  readonly [BACKSTAGE]: Backstage
}

/** How a call is made on the way of another one. */
interface Below {
  readonly isPart?: boolean
  readonly name?: string | undefined
}
