/** `spawn` as Node has it, that also finds `npx.cmd` and its like on Windows. */
declare module 'cross-spawn' {
  import type { spawn } from 'node:child_process'

  const crossSpawn: typeof spawn
  export default crossSpawn
}
