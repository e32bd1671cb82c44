const LOOK_MS = 10

/** Waits until something holds, but no longer than `ms`. For the end of a server's life, where a late look costs nothing. */
export async function until(holds: () => boolean, ms: number): Promise<void> {
  const end = performance.now() + ms
  while (!holds() && performance.now() < end) await new Promise((resolve) => setTimeout(resolve, LOOK_MS))
}
