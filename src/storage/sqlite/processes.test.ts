import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import process from 'node:process'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { afterAll, describe, expect, it } from 'vitest'
import { chooseDriver, type DriverName } from './choose-driver.ts'
import type { Driver } from './connection.ts'
import { openSqliteStorage } from './sqlite-storage.ts'
import { createWasmDriver, type WasmSqlite } from './wasm-driver.ts'

const folder = mkdtempSync(join(tmpdir(), 'sqlite-processes-'))
const program = fileURLToPath(new URL('../../../tests/fixtures/counter.mjs', import.meta.url))
const children: ChildProcess[] = []

afterAll(() => {
  for (const child of children) child.kill('SIGKILL')
  rmSync(folder, { recursive: true, force: true })
})

function startCounter(path: string, driver: DriverName, counting: { steps: number; atOnce: number }) {
  const args = [program, path, driver, String(counting.steps), String(counting.atOnce)]
  const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] })
  children.push(child)
  return child
}

/** What a counter has printed when it is told to stop, or ends. */
async function sumsOf(child: ChildProcess, isEnough: (sums: readonly number[]) => boolean = () => false) {
  const sums: number[] = []
  const ended = once(child, 'close')
  if (child.stdout === null) throw new Error('no output')
  for await (const line of createInterface(child.stdout)) {
    sums.push(Number(line))
    if (isEnough(sums)) child.kill('SIGKILL')
  }
  await ended
  return sums
}

const drivers: readonly DriverName[] =
  process.getBuiltinModule('node:sqlite') === undefined ? ['node-sqlite3-wasm'] : ['node:sqlite', 'node-sqlite3-wasm']

describe.each(drivers)('several processes on one file by %s', { timeout: 60_000 }, (driver) => {
  it('lose no increment, and give each sum once', async () => {
    const path = join(folder, `shared-${driver.length}.db`)
    const counters = [
      startCounter(path, driver, { steps: 100, atOnce: 1 }),
      startCounter(path, driver, { steps: 100, atOnce: 25 }),
    ]
    const sums = await Promise.all(counters.map((counter) => sumsOf(counter)))
    expect(sums.flat().toSorted((a, b) => a - b)).toEqual(Array.from({ length: 200 }, (_, index) => index + 1))
  })

  it('find whole what one of them has left that was killed', async () => {
    const path = join(folder, `killed-${driver.length}.db`)
    for (let round = 0; round < 2; round++) {
      const counter = startCounter(path, driver, { steps: Number.POSITIVE_INFINITY, atOnce: 4 })
      const sums = await sumsOf(counter, ({ length }) => length >= 100)
      await using storage = openSqliteStorage({ path }, impatient(driver))
      expect(await storage.get('n')).toBeGreaterThanOrEqual(Math.max(...sums))
      expect(await storage.increment('n')).toBeLessThanOrEqual(Math.max(...sums) + 10)
    }
  })
})

/** A driver that does not wait long before it takes a lock for abandoned. */
function impatient(driver: DriverName): Driver {
  if (driver === 'node:sqlite') return chooseDriver(driver)
  return createWasmDriver(createRequire(import.meta.url)('node-sqlite3-wasm') as WasmSqlite, 100)
}

describe('a lock that a process has left behind', () => {
  it('is in the way for a while, and then taken away', async () => {
    const path = join(folder, 'abandoned.db')
    await using storage = openSqliteStorage({ path }, impatient('node-sqlite3-wasm'))
    await storage.set('a', 1)
    mkdirSync(`${path}.lock`)
    expect(await storage.get('a')).toBe(1)
    expect(existsSync(`${path}.lock`)).toBe(false)
  })

  it('is waited for so long and no longer', async () => {
    const path = join(folder, 'locked.db')
    await using storage = openSqliteStorage({ path, timeoutMs: 60 }, chooseDriver('node-sqlite3-wasm'))
    await storage.set('a', 1)
    mkdirSync(`${path}.lock`)
    const all = await Promise.allSettled([storage.get('a'), storage.set('a', 2), storage.increment('n')])
    for (const outcome of all) expect(outcome).toMatchObject({ reason: { code: 'UNAVAILABLE' } })
    rmSync(`${path}.lock`, { recursive: true })
    expect(await storage.get('a')).toBe(1)
  })

  it("is somebody else's business where another build of SQLite has the file", async () => {
    const path = join(folder, 'foreign.db')
    await using storage = openSqliteStorage({ path }, chooseDriver('node-sqlite3-wasm'))
    await storage.set('a', 1)
    mkdirSync(`${path}-shm`)
    await expect(storage.get('a')).rejects.toThrow('must use the same driver')
  })
})
