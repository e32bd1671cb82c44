import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import process from 'node:process'
import { pathToFileURL } from 'node:url'
import fc from 'fast-check'
import { afterAll, afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { describeStorage } from '../../../tests/kit/storage-contract.ts'
import { chooseDriver, type DriverName } from './choose-driver.ts'
import { createSqliteStorage, type SqliteStorage, type SqliteStorageOptions } from './sqlite-storage.ts'

const folder = mkdtempSync(join(tmpdir(), 'sqlite-storage-'))
const opened: SqliteStorage[] = []
let files = 0

function newPath(): string {
  return join(folder, `${files++}.db`)
}

afterEach(async () => {
  vi.useRealTimers()
  for (const storage of opened.splice(0)) await storage.close()
})

afterAll(() => rmSync(folder, { recursive: true, force: true }))

/** Both where the process has both: the suite runs on any Node. */
const drivers: readonly DriverName[] =
  process.getBuiltinModule('node:sqlite') === undefined ? ['node-sqlite3-wasm'] : ['node:sqlite', 'node-sqlite3-wasm']

describe.each(drivers)('SQLite storage by %s', (driver) => {
  function create(options: Partial<SqliteStorageOptions> = {}): SqliteStorage {
    const storage = createSqliteStorage({ path: newPath(), driver, ...options })
    opened.push(storage)
    return storage
  }

  /** The file as any other program sees it. */
  function rowsOf(path: string): number {
    const connection = chooseDriver(driver).open(path)
    const [row] = connection.all('SELECT count(*) AS rows FROM fastmcp_storage')
    connection.close()
    return Number(row?.rows)
  }

  describe('with a clock at hand', () => {
    beforeEach(() => void vi.useFakeTimers())

    describeStorage('SQLite', () => create(), {
      pass: async (ms) => void vi.advanceTimersByTime(ms),
      jump: (ms) => void vi.setSystemTime(Date.now() + ms),
    })

    it('lets what has expired go little by little', async () => {
      const path = newPath()
      const storage = create({ path })
      await Promise.all(Array.from({ length: 100 }, (_, index) => storage.set(`k${index}`, index, { ttlMs: 1_000 })))
      vi.advanceTimersByTime(2_000)
      await storage.set('a', 1)
      const first = 100 + 1 - 16
      expect(rowsOf(path)).toBe(first)
      await storage.set('b', 1)
      expect(rowsOf(path)).toBe(first + 1 - 16)
      for (let count = 0; count < 10; count++) await storage.increment('n')
      expect(rowsOf(path)).toBe(3)
    })
  })

  it('keeps values when it is closed and opened again', async () => {
    const path = newPath()
    const first = create({ path })
    await first.set('a', { bytes: new Uint8Array([1, 2]) })
    await first.set('brief', 1, { ttlMs: 60_000 })
    await first.close()
    await first.close()
    await expect(first.get('a')).rejects.toMatchObject({ name: 'StorageError', code: 'UNAVAILABLE' })
    const second = create({ path })
    expect(await second.get('a')).toEqual({ bytes: new Uint8Array([1, 2]) })
    expect(await second.get('brief')).toBe(1)
  })

  it('closes at the end of a block, when all that was begun is done', async () => {
    const path = newPath()
    {
      await using storage = createSqliteStorage({ path, driver })
      for (let index = 0; index < 100; index++) void storage.increment('n')
    }
    expect(await create({ path }).get('n')).toBe(100)
  })

  it('is shared by all who have the file open', async () => {
    const path = newPath()
    const all = [create({ path }), create({ path: pathToFileURL(path) }), create({ path })]
    const add = (current: unknown) => Number(current ?? 0) + 1
    await Promise.all(
      Array.from({ length: 300 }, (_, index) => [
        all[index % 3]?.increment('n'),
        all[(index + 1) % 3]?.update('m', add),
      ]).flat(),
    )
    for (const storage of all) expect([await storage.get('n'), await storage.get('m')]).toEqual([300, 300])
  })

  it('makes the file and its folder for their owner alone', async () => {
    const path = join(folder, `deep-${driver.length}`, 'er', 'state.db')
    await create({ path }).set('a', 1)
    const modeOf = (place: string) => statSync(place).mode & 0o777
    if (process.platform !== 'win32') expect([modeOf(path), modeOf(join(path, '..'))]).toEqual([0o600, 0o700])
  })

  it('does nothing with the file before it is needed', async () => {
    const path = newPath()
    await create({ path }).close()
    expect(existsSync(path)).toBe(false)
  })

  it('does in order what was asked in order', async () => {
    const storage = create()
    void storage.set('a', 1)
    void storage.update('a', (current) => [current as number, 2])
    const third = storage.get('a')
    void storage.delete('a')
    expect(await third).toEqual([1, 2])
    expect(await storage.get('a')).toBeUndefined()
  })

  it('may be used from inside a change, afterwards', async () => {
    const storage = create()
    const inner: Promise<number>[] = []
    await storage.update('a', () => {
      inner.push(storage.increment('n'))
      return 1
    })
    expect([await storage.get('a'), ...(await Promise.all(inner))]).toEqual([1, 1])
  })

  it('takes only so large a value', async () => {
    const storage = create({ maxValueBytes: 1_000 })
    await storage.set('k', 'x'.repeat(400))
    const tooLarge = { name: 'StorageError', code: 'TOO_LARGE' }
    await expect(storage.set('k', 'x'.repeat(600))).rejects.toMatchObject(tooLarge)
    await expect(storage.update('k', (current) => `${String(current)}${String(current)}`)).rejects.toMatchObject(
      tooLarge,
    )
    expect(await storage.get('k')).toBe('x'.repeat(400))
  })

  describe('when something is wrong with the file', () => {
    const unavailable = { name: 'StorageError', code: 'UNAVAILABLE' }

    /** Everything that can be done, each told by how it ended. */
    async function everything(storage: SqliteStorage): Promise<readonly PromiseSettledResult<unknown>[]> {
      const listed = async () => {
        const keys: string[] = []
        for await (const key of storage.list('')) keys.push(key)
        return keys
      }
      return Promise.allSettled([
        storage.get('k1'),
        storage.set('k2', 'x'.repeat(5_000)),
        storage.update('k3', (current) => [current ?? null]),
        storage.increment('n'),
        storage.delete('k4'),
        listed(),
      ])
    }

    it('OV-07: a full one takes no more, gives what it has, and goes on when there is room', async () => {
      const storage = create({ maxBytes: 200_000 })
      const written: string[] = []
      const fill = async () => {
        for (let index = 0; ; index++) {
          await storage.set(`k${index}`, 'x'.repeat(10_000))
          written.push(`k${index}`)
        }
      }
      await expect(fill()).rejects.toMatchObject(unavailable)
      expect(written.length).toBeGreaterThan(10)
      for (const key of written) expect(await storage.get(key)).toBe('x'.repeat(10_000))
      await storage.delete('k0')
      await storage.delete('k1')
      await storage.set('again', 'x'.repeat(10_000))
    })

    it('OV-07: a full one makes room of what has expired', async () => {
      vi.useFakeTimers()
      const storage = create({ maxBytes: 200_000 })
      const fill = async () => {
        for (let index = 0; ; index++) await storage.set(`k${index}`, 'x'.repeat(10_000), { ttlMs: 1_000 })
      }
      await expect(fill()).rejects.toMatchObject(unavailable)
      vi.advanceTimersByTime(1_500)
      await storage.set('large', 'x'.repeat(100_000))
      expect(await storage.get('large')).toBe('x'.repeat(100_000))
    })

    it('CA-08: one that is no database is UNAVAILABLE, and used once it is gone', async () => {
      const path = newPath()
      writeFileSync(path, 'not a database, though as long as one. '.repeat(500))
      const storage = create({ path })
      for (const outcome of await everything(storage)) {
        expect(outcome).toMatchObject({ status: 'rejected', reason: unavailable })
      }
      rmSync(path)
      for (const outcome of await everything(storage)) expect(outcome.status).toBe('fulfilled')
    })

    it('says which file it is, and what is wrong', async () => {
      const path = join(folder, `folder-${driver.length}`)
      mkdirSync(path)
      await expect(create({ path }).get('a')).rejects.toThrow(`The SQLite storage ${path} does not answer: `)
      const inFile = newPath()
      writeFileSync(inFile, '')
      await expect(create({ path: join(inFile, 'state.db') }).get('a')).rejects.toMatchObject(unavailable)
    })

    it('a value that somebody else has put there is UNAVAILABLE, until it is set anew', async () => {
      const path = newPath()
      const storage = create({ path })
      await storage.set('a', 1)
      const connection = chooseDriver(driver).open(path)
      connection.run("UPDATE fastmcp_storage SET value = '{'")
      connection.close()
      await expect(storage.get('a')).rejects.toMatchObject(unavailable)
      await expect(storage.update('a', () => 1)).rejects.toMatchObject(unavailable)
      await expect(storage.increment('a')).rejects.toMatchObject(unavailable)
      await storage.set('a', 2)
      expect(await storage.get('a')).toBe(2)
    })

    it('CA-08: damage of any kind gives a StorageError at most', async () => {
      const whole = newPath()
      const storage = create({ path: whole })
      await Promise.all(Array.from({ length: 60 }, (_, index) => storage.set(`k${index}`, 'x'.repeat(index * 37))))
      await storage.close()
      const bytes = readFileSync(whole)
      const damage = fc.record({
        cut: fc.option(fc.nat(bytes.length), { nil: undefined, freq: 3 }),
        flips: fc.array(fc.record({ at: fc.nat(bytes.length - 1), to: fc.nat(255) }), { maxLength: 40 }),
        head: fc.array(fc.record({ at: fc.nat(119), to: fc.nat(255) }), { maxLength: 3 }),
      })
      await fc.assert(
        fc.asyncProperty(damage, async ({ cut, flips, head }) => {
          const damaged = Buffer.from(bytes)
          for (const { at, to } of [...flips, ...head]) damaged[at] = to
          const path = newPath()
          writeFileSync(path, damaged.subarray(0, cut))
          await using hurt = createSqliteStorage({ path, driver, timeoutMs: 1 })
          for (const outcome of await everything(hurt)) {
            if (outcome.status === 'rejected') expect(outcome.reason).toMatchObject({ name: 'StorageError' })
          }
        }),
        { numRuns: 100 },
      )
    })
  })
})

describe('options of a SQLite storage', () => {
  it.each(['maxBytes', 'maxValueBytes', 'timeoutMs'])('take no %s that is none', (option) => {
    for (const value of [0, -1, 0.5, Number.NaN, Number.POSITIVE_INFINITY, '5' as never]) {
      expect(() => createSqliteStorage({ path: newPath(), [option]: value })).toThrow(`${option} is ${value}`)
    }
  })

  it('take no path that is none', () => {
    expect(() => createSqliteStorage({ path: ':memory:' })).toThrow('path is ":memory:"; use createMemoryStorage()')
    for (const path of ['', 'file:state.db', 'a\0b', undefined as never, 5 as never]) {
      expect(() => createSqliteStorage({ path })).toThrow('give the path of a file')
    }
  })

  it('take no driver that there is not', () => {
    const driver = 'better' as never
    expect(() => createSqliteStorage({ path: newPath(), driver })).toThrow('driver is better; give node:sqlite or')
  })
})

describe('a machine without SQLite', () => {
  const sources = { 'node:sqlite': () => undefined, 'node-sqlite3-wasm': () => undefined }

  it('is told what to install', () => {
    expect(() => chooseDriver(undefined, sources)).toThrow(
      'There is no node:sqlite and no node-sqlite3-wasm here. A SQLite storage needs Node 22.13 or later, which has node:sqlite, or the package node-sqlite3-wasm: npm install node-sqlite3-wasm',
    )
    expect(() => chooseDriver('node:sqlite', sources)).toThrow('There is no node:sqlite here.')
  })

  it("takes Node's own before the package", () => {
    const [own, other] = [driverLike(), driverLike()]
    expect(chooseDriver(undefined, { 'node:sqlite': () => own, 'node-sqlite3-wasm': () => other })).toBe(own)
    expect(chooseDriver(undefined, { ...sources, 'node-sqlite3-wasm': () => other })).toBe(other)
  })
})

function driverLike() {
  return {
    isExclusive: false,
    open: () => {
      throw new Error('not here')
    },
  }
}
