/** Runs `work` once later, unless cleared before. It does not keep a process alive. */
export function later(work: () => void, ms: number): ReturnType<typeof setTimeout> {
  return released(setTimeout(work, ms))
}

/** Runs `work` again and again until cleared. It does not keep a process alive. */
export function every(work: () => void, ms: number): ReturnType<typeof setInterval> {
  return released(setInterval(work, ms))
}

/** Only some runtimes have a process to keep alive; in the others a timer is a number. */
function released<T>(timer: T): T {
  if (typeof timer === 'object' && timer !== null && 'unref' in timer && typeof timer.unref === 'function')
    timer.unref()
  return timer
}
