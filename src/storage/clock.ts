// Once, because a clock that is replaced in tests need not know when it began.
const BEGIN = performance.timeOrigin

/**
 * Milliseconds since 1970 on a clock that does not jump while the process runs, whatever is done to the clock of the
 * machine. Other processes can read a moment that this one has written down.
 */
export function steadyNow(): number {
  return BEGIN + performance.now()
}
