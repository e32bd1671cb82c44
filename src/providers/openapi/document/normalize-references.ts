import { isRecord } from '../../../protocol/json-rpc.ts'

/**
 * Makes every reference of a document to another one whole, named by `nameOf`, and every one to itself local. What is no
 * address leads nowhere afterwards.
 */
export function normalizeReferences(document: object, address: URL, nameOf: (address: URL) => string): void {
  const own = nameOf(address)
  const stack: object[] = [document]
  for (let node = stack.pop(); node !== undefined; node = stack.pop()) {
    if (isRecord(node) && typeof node.$ref === 'string' && !node.$ref.startsWith('#')) {
      node.$ref = normalized(node.$ref, { address, own, nameOf })
    }
    for (const inner of Object.values(node)) if (typeof inner === 'object' && inner !== null) stack.push(inner)
  }
}

interface Origin {
  readonly address: URL
  readonly own: string
  readonly nameOf: (address: URL) => string
}

function normalized(reference: string, { address, own, nameOf }: Origin): string {
  const target = URL.canParse(reference, address) ? new URL(reference, address) : undefined
  const hash = target === undefined ? undefined : decodable(target.hash)
  if (target === undefined || hash === undefined) return `#${reference.slice(0, 100).replace(/[^\w./:-]/g, '_')}`
  const name = nameOf(target)
  return name === own ? hash || '#' : name + hash
}

function decodable(hash: string): string | undefined {
  try {
    decodeURIComponent(hash)
    return hash
  } catch {
    return undefined
  }
}
