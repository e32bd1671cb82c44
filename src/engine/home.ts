/** What a server is to the calls inside it: the one app that they share. */
export interface Home {
  /** Whether there is such a thing at all. */
  readonly hasApp: boolean
  /** What the lifespan gave. Throws `CLOSED` while it has not begun or is over. */
  readonly app: unknown
  /** A call uses the app now; it is not ended before `leave`, which follows each `enter`. */
  enter(): void
  leave(): void
}

/** Of servers without a lifespan. */
export const NO_HOME: Home = {
  hasApp: false,
  app: undefined,
  enter: () => undefined,
  leave: () => undefined,
}
