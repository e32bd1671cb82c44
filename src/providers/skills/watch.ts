import { type FSWatcher, watch } from 'node:fs'

/** How long it must be quiet before a change counts: editors and checkouts write in several steps. */
const QUIET_MS = 100

/** Calls `onChange` after something changed below one of the folders. What it returns ends that. */
export function watchFolders(
  folders: readonly string[],
  { onChange, onError }: { readonly onChange: () => void; readonly onError: (problem: Error) => void },
): () => void {
  let timer: NodeJS.Timeout | undefined
  const later = (): void => {
    clearTimeout(timer)
    timer = setTimeout(onChange, QUIET_MS)
    timer.unref()
  }
  const watchers = folders.map((folder): FSWatcher => {
    const watcher = watch(folder, { recursive: true, persistent: false }, later)
    return watcher.on('error', onError)
  })
  return () => {
    clearTimeout(timer)
    for (const watcher of watchers) watcher.close()
  }
}
