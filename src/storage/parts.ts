import { checkKey } from './entry.ts'
import { type Storage, StorageError } from './storage.ts'

/** Keys that begin with this are the library's own. */
const OWN = 'fastmcp:'

/** A part of a storage that is the library's own: what is in it has keys by themselves, which nothing else reaches. */
export function createOwnPart(storage: Storage, name: string): Storage {
  return createView(storage, {
    inner: (key) => `${OWN}${name}:${key}`,
    outer: (key) => key.slice(OWN.length + name.length + 1),
  })
}

/** A storage without the library's own keys: they are in no list, and asking for one throws `StorageError`. */
export function withoutOwnParts(storage: Storage): Storage {
  return createView(storage, {
    inner(key) {
      if (!key.startsWith(OWN)) return key
      throw new StorageError('INVALID', `Keys that begin with "${OWN}" are the library's own; choose another`)
    },
    outer: (key) => (key.startsWith(OWN) ? undefined : key),
  })
}

/** How keys of a view become those of its storage, and back; undefined: not part of the view. */
interface Keys {
  inner(key: string): string
  outer(key: string): string | undefined
}

function createView(storage: Storage, { inner, outer }: Keys): Storage {
  const written = (key: string): string => {
    checkKey(key)
    return inner(key)
  }
  return {
    async get(key) {
      return storage.get(inner(key))
    },
    async set(key, value, options) {
      return storage.set(written(key), value, options)
    },
    async delete(key) {
      return storage.delete(inner(key))
    },
    async update(key, change, options) {
      return storage.update(written(key), change, options)
    },
    async increment(key, by, options) {
      return storage.increment(written(key), by, options)
    },
    async *list(prefix) {
      for await (const found of storage.list(inner(prefix))) {
        const key = outer(found)
        if (key !== undefined) yield key
      }
    },
  }
}
