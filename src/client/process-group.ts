import type { ChildProcess } from 'node:child_process'

const { spawn } = process.getBuiltinModule('node:child_process')

/** Whether children lead a process group that can be signalled as one; Windows has none. */
export const HAS_GROUPS: boolean = process.platform !== 'win32'

/** Whether the child itself is gone. */
export function hasExited(child: ChildProcess): boolean {
  return child.exitCode !== null || child.signalCode !== null
}

/** Whether anything of the child's group is alive, the child itself or what it started. */
export function isAlive(child: ChildProcess): boolean {
  if (!HAS_GROUPS || child.pid === undefined) return !hasExited(child)
  try {
    return process.kill(-child.pid, 0)
  } catch {
    return false
  }
}

/** Signals the child and everything it started. */
export function signalGroup(child: ChildProcess, signal: 'SIGTERM' | 'SIGKILL'): void {
  const { pid } = child
  if (pid === undefined) return
  try {
    if (HAS_GROUPS) process.kill(-pid, signal)
    else spawn('taskkill', ['/pid', String(pid), '/T', '/F'], { stdio: 'ignore' }).on('error', () => child.kill())
  } catch {
    // Gone already: nothing is left to signal.
  }
}

/** Resolves with whether the group is gone, within `ms`. */
export async function isGoneWithin(child: ChildProcess, ms: number): Promise<boolean> {
  const deadline = performance.now() + ms
  while (isAlive(child)) {
    const left = deadline - performance.now()
    if (left <= 0) return false
    await new Promise((resolve) => setTimeout(resolve, Math.min(POLL_MS, left)))
  }
  return true
}

/** A group has no event for its end. */
const POLL_MS = 20

const running = new Set<ChildProcess>()

/** Ends the group if this process exits first; call what it returns when the group is gone. */
export function endAtExit(child: ChildProcess): () => void {
  if (running.size === 0) process.on('exit', endAll)
  running.add(child)
  return () => {
    running.delete(child)
    if (running.size === 0) process.off('exit', endAll)
  }
}

function endAll(): void {
  for (const child of running) signalGroup(child, 'SIGTERM')
}
