import fc from 'fast-check'
import { afterAll } from 'vitest'
import { finishFile } from './kit/afterwards.ts'

// What CI tests is the same each time; `node scripts/long.mjs properties` looks for what nobody has seen.
if (process.env.CI) fc.configureGlobal({ seed: 1_618_033 })

// Files may share a process and its modules: what one of them has left open ends with it.
afterAll(finishFile)
