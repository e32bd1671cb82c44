/** What one revision of the stateful era knows. Everything that differs between them is in this table. */
export interface Revision {
  readonly name: string
  /** JSON-RPC batches (added and removed again one revision later). */
  readonly batches: boolean
  readonly audio: boolean
  readonly toolAnnotations: boolean
  /** The `completions` capability; the method itself is older. */
  readonly completionsCapability: boolean
  /** `message` in progress notifications. */
  readonly progressMessage: boolean
  /** `outputSchema` and `structuredContent`, both objects only. */
  readonly structured: boolean
  readonly resourceLinks: boolean
  /** `title` beside `name`, and `_meta` on definitions. */
  readonly titles: boolean
  readonly elicitation: boolean
  /** `mode` in elicitations, with `url` as the other one. */
  readonly elicitationModes: boolean
  /** `icons`, and the description and website of an implementation. */
  readonly icons: boolean
  /** `tools` and `toolChoice` in sampling. */
  readonly samplingTools: boolean
  /** The `extensions` capability. */
  readonly extensions: boolean
  /** Events have ids, and a client can come back with the last one. */
  readonly resumable: boolean
  /** A stream may begin with an event that has no data: earlier clients take it for a broken message. */
  readonly priming: boolean
}

const FIRST: Revision = {
  name: '2024-11-05',
  batches: false,
  audio: false,
  toolAnnotations: false,
  completionsCapability: false,
  progressMessage: false,
  structured: false,
  resourceLinks: false,
  titles: false,
  elicitation: false,
  elicitationModes: false,
  icons: false,
  samplingTools: false,
  extensions: false,
  resumable: false,
  priming: false,
}

/** What a client speaks that names no revision anywhere (2025-11-25 basic/transports, Protocol Version Header). */
export const ASSUMED: Revision = {
  ...FIRST,
  name: '2025-03-26',
  batches: true,
  resumable: true,
  audio: true,
  toolAnnotations: true,
  completionsCapability: true,
  progressMessage: true,
}

const THIRD: Revision = {
  ...ASSUMED,
  name: '2025-06-18',
  batches: false,
  structured: true,
  resourceLinks: true,
  titles: true,
  elicitation: true,
}

/** What a client is offered that asks for a revision nobody here speaks. */
export const NEWEST: Revision = {
  ...THIRD,
  name: '2025-11-25',
  elicitationModes: true,
  icons: true,
  samplingTools: true,
  extensions: true,
  priming: true,
}

/** All revisions of this era, newest first. */
export const REVISIONS: readonly Revision[] = [NEWEST, THIRD, ASSUMED, FIRST]

const BY_NAME: ReadonlyMap<string, Revision> = new Map(REVISIONS.map((revision) => [revision.name, revision]))

/** The revision of this name, if this era speaks it. */
export function revisionNamed(name: string): Revision | undefined {
  return BY_NAME.get(name)
}
