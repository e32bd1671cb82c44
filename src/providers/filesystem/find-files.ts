import { readdir } from 'node:fs/promises'
import { join } from 'node:path'

const MOST_FILES = 2_000
const DEEPEST = 16
const IS_SOURCE = /\.(?:[cm]?[jt]s|tsx)$/
const IS_NO_SOURCE = /\.(?:d|test|spec|bench|config)\.[cm]?[jt]sx?$|\.test-d\.ts$/

/**
 * All files below a folder that may export components, in the order of their paths. Hidden folders, `node_modules` and links
 * are not followed. Throws where there are more than anybody keeps in one folder.
 */
export async function findFiles(folder: string, depth = 0): Promise<readonly string[]> {
  const entries = await readdir(folder, { withFileTypes: true })
  const found: string[] = []
  for (const entry of entries.sort((a, b) => (a.name < b.name ? -1 : 1))) {
    const path = join(folder, entry.name)
    if (entry.name.startsWith('.') || entry.name === 'node_modules') continue
    if (entry.isDirectory() && depth < DEEPEST) found.push(...(await findFiles(path, depth + 1)))
    else if (entry.isFile() && IS_SOURCE.test(entry.name) && !IS_NO_SOURCE.test(entry.name)) found.push(path)
    if (found.length > MOST_FILES) throw new RangeError(`${folder} holds more than ${MOST_FILES} files`)
  }
  return found
}
