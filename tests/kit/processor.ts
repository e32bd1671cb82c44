import { readFileSync } from 'node:fs'
import { vi } from 'vitest'

const real = process.resourceUsage.bind(process)
const now = performance.now.bind(performance)

/** Computes for so long, however much of the processor others have. */
export function busy(ms: number): void {
  const [began, spent] = [now(), process.cpuUsage()]
  // Both: of the processor's time threads beside this one may have used some.
  for (let used = 0; used < ms * 1000 || now() - began < ms; ) {
    const { user, system } = process.cpuUsage(spent)
    used = user + system
  }
}

/**
 * Makes it look as if others took the processor away so often between any two looks, whatever the machine does. Never:
 * who took long is to blame. A thousand times: only who computed is. Returns what ends it.
 */
export function pretendTaken(times: number): () => void {
  let switches = 0
  const spy = vi.spyOn(process, 'resourceUsage').mockImplementation(() => {
    switches += times
    return { ...real(), involuntaryContextSwitches: switches }
  })
  return () => spy.mockRestore()
}

/** What the thread of the event loop has computed so far, in milliseconds; all threads where that cannot be told. */
export function computedMs(): number {
  try {
    const [nanoseconds] = readFileSync(`/proc/self/task/${process.pid}/schedstat`, 'latin1').split(' ')
    return Number(nanoseconds) / 1e6
  } catch {
    const { user, system } = process.cpuUsage()
    return (user + system) / 1e3
  }
}
