import { resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { Components, Kind } from '../../components/component.ts'
import type { Change, Stop } from '../../engine/application.ts'
import type { Awaitable } from '../../engine/call.ts'
import { createListeners } from '../listeners.ts'
import type { Provider } from '../provider.ts'
import { readStock, type StockOptions } from './read-stock.ts'
import type { Stock } from './stock.ts'
import { watchFolders } from './watch.ts'

/** The skills of some folders, and their files as resources. */
export interface Shelf extends Provider {
  /** What is there, read when it is first wanted. Rejects with `DefinitionError` where a skill cannot be. */
  stock(): Awaitable<Stock>
  /** Reads the folders again and tells listeners what changed. Where that fails, what was there stays. */
  reload(): Promise<void>
  /** Reloads by itself after changes in the folders; `report` hears where that fails. */
  watch(report: (problem: Error) => void): Stop
}

const NOTHING: readonly never[] = Object.freeze([])

/** Where skills are, and how they are shown. */
export interface ShelfOptions extends Omit<StockOptions, 'folders'> {
  /** Paths from the working directory, or `file:` URLs. */
  readonly folders: readonly (string | URL)[]
}

/** Makes a shelf. Nothing is read yet. */
export function createShelf({ folders, ...rest }: ShelfOptions): Shelf {
  const options: StockOptions = { ...rest, folders: folders.map(pathOf) }
  const listeners = createListeners()
  let known: Stock | undefined
  let reading: Promise<Stock> | undefined

  /** One reading at a time; whoever wants one meanwhile waits for the next, which sees what came after the first began. */
  const read = (): Promise<Stock> => {
    const before = reading ?? Promise.resolve()
    const mine = before
      .catch(() => undefined)
      .then(() => readStock(options, known))
      .then((stock) => {
        const changes = known === undefined ? [] : changesOf(known, stock)
        known = stock
        for (const change of changes) listeners.tell(change)
        return stock
      })
      .finally(() => {
        if (reading === mine) reading = undefined
      })
    reading = mine
    return mine
  }
  const stock = (): Awaitable<Stock> => known ?? reading ?? read()

  return {
    stock,
    list<K extends Kind>(kind: K): Awaitable<readonly Components[K][]> {
      if (kind !== 'resource') return NOTHING
      const here = stock()
      // Of the only kind that there is.
      const listed = (all: Stock) => all.listed as unknown as readonly Components[K][]
      return here instanceof Promise ? here.then(listed) : listed(here)
    },
    find<K extends Kind>(kind: K, id: string): Awaitable<Components[K] | undefined> {
      if (kind !== 'resource') return undefined
      const here = stock()
      const found = (all: Stock) => all.resources.get(id) as Components[K] | undefined
      return here instanceof Promise ? here.then(found) : found(here)
    },
    onChange: listeners.add,
    reload: () => read().then(() => undefined),
    watch(report) {
      const onError = (problem: unknown): void =>
        report(problem instanceof Error ? problem : new Error(String(problem)))
      return watchFolders(options.folders, { onChange: () => void read().catch(onError), onError })
    },
  }
}

function pathOf(folder: string | URL): string {
  return resolve(typeof folder === 'string' ? folder : fileURLToPath(folder))
}

/** Who listens to the list hears of new and changed names; who listens to a file hears of that file. */
function changesOf(before: Stock, after: Stock): Change[] {
  const isSameList = JSON.stringify(definitionsOf(before)) === JSON.stringify(definitionsOf(after))
  const uris = [...before.files.keys(), ...after.files.keys()]
  const changed = new Set(uris.filter((uri) => before.files.get(uri)?.digest !== after.files.get(uri)?.digest))
  return [...(isSameList ? [] : [{ kind: 'resource' } as const]), ...Array.from(changed, contentsAt)]
}

function contentsAt(uri: string): Change {
  return { kind: 'contents', uri }
}

function definitionsOf({ listed }: Stock): readonly unknown[] {
  return listed.map(({ definition }) => definition)
}
