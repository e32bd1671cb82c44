import { fileURLToPath } from 'node:url'
import { pinned } from './server.mjs'

const LOAD = fileURLToPath(new URL('load.mjs', import.meta.url))

/** The load generator's process: `run` gives right answers and seconds, or rejects at the first wrong answer. */
export function openLoad() {
  const child = pinned(1, [LOAD], { stdio: ['ignore', 'inherit', 'inherit', 'ipc'] })
  return {
    run: (order) =>
      new Promise((resolve, reject) => {
        child.once('message', ({ problem, ...outcome }) => (problem ? reject(new Error(problem)) : resolve(outcome)))
        child.send(order)
      }),
    close: () => child.disconnect(),
  }
}
