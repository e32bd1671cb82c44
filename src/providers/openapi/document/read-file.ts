import { unusable } from './document-error.ts'
import type { Loaded, LoadLimits } from './load-document.ts'

/** Reads a document from a file, no more of it than the limits allow. */
export async function readDocumentFile(path: string | URL, { bytes }: Pick<LoadLimits, 'bytes'>): Promise<Loaded> {
  const { open, stat } = await import('node:fs/promises')
  const { pathToFileURL } = await import('node:url')
  const address = typeof path === 'string' ? pathToFileURL(path) : path
  // Before it is opened: to open a pipe waits for somebody who writes to it.
  const facts = await stat(path).catch((cause: unknown) => {
    throw notThere(path, { cause })
  })
  if (!facts.isFile()) throw notThere(path)
  if (facts.size > bytes) throw tooLarge(bytes)
  const file = await open(path)
  try {
    return { text: await readText(file, bytes), address }
  } finally {
    await file.close()
  }
}

/** Reads a file that lies in a folder or below it, wherever links lead. */
export async function readFileBelow(address: URL, folder: URL, limits: Pick<LoadLimits, 'bytes'>): Promise<Loaded> {
  const { realpath } = await import('node:fs/promises')
  const { sep } = await import('node:path')
  const [file, top] = await Promise.all([realpath(address), realpath(folder)])
  if (!file.startsWith(top.endsWith(sep) ? top : top + sep))
    throw new Error('it is not below the folder of the document')
  const { text } = await readDocumentFile(file, limits)
  return { text, address }
}

interface Readable {
  read(buffer: Uint8Array, offset: number, length: number): Promise<{ readonly bytesRead: number }>
}

/** No more than that, whatever size the file told: it may grow. */
async function readText(file: Readable, most: number): Promise<string> {
  const decoder = new TextDecoder()
  const buffer = new Uint8Array(CHUNK)
  const parts: string[] = []
  for (let left = most; ; ) {
    const { bytesRead } = await file.read(buffer, 0, CHUNK)
    if (bytesRead === 0) return parts.join('') + decoder.decode()
    left -= bytesRead
    if (left < 0) throw tooLarge(most)
    parts.push(decoder.decode(buffer.subarray(0, bytesRead), { stream: true }))
  }
}

const CHUNK = 256 * 1024

function notThere(path: string | URL, options?: ErrorOptions): Error {
  const shown = String(path).slice(0, 200)
  return unusable(`cannot be read from ${shown}; give the path of a file, or an http address`, options)
}

function tooLarge(bytes: number): Error {
  return unusable(`is larger than ${bytes} bytes; raise \`limits.bytes\`, or give only the part that is needed`)
}
