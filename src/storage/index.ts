export { createMemoryStorage, type MemoryStorageOptions } from './memory.ts'
export { type KeepOptions, type Storage, StorageError, type Stored } from './storage.ts'
