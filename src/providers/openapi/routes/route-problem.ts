/** An operation that cannot be offered; the message says why, for the author of the server. */
export class RouteProblem extends Error {
  override readonly name = 'RouteProblem'
}
