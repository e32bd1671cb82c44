import { isRecord } from '../../../protocol/json-rpc.ts'
import { safeName, UniqueNames } from '../names/safe-name.ts'
import { addressOf } from './external-documents.ts'

type Members = Readonly<Record<string, unknown>>

/** The member of a document that holds the others. */
export const HOLDER = 'x-documents'

/**
 * A document that holds others by their names, with all references between them changed to where they are now. Takes as
 * long as reading them once, however many references there are.
 */
export function embedDocuments(root: Members, name: string, documents: ReadonlyMap<string, Members>): Members {
  const unique = new UniqueNames()
  const held = [...documents].map(([address, document]) => ({ address, document, key: unique.give(keyFor(address)) }))
  const places = new Map(held.map(({ address, key }) => [address, `#/${HOLDER}/${key}`]))
  places.set(name, '#')
  redirect(root, '#', places)
  for (const { address, document } of held) redirect(document, places.get(address) ?? '#', places)
  return { ...root, [HOLDER]: Object.fromEntries(held.map(({ key, document }) => [key, document])) }
}

/** The name of a file tells what is in it: definitions of schemas are called so. */
function keyFor(address: string): string {
  const file = address.slice(address.lastIndexOf('/') + 1).replace(/\.\w{1,5}(?:\?.*)?$/, '')
  return safeName(file) ?? 'document'
}

function redirect(document: object, own: string, places: ReadonlyMap<string, string>): void {
  const stack: object[] = [document]
  for (let node = stack.pop(); node !== undefined; node = stack.pop()) {
    if (isRecord(node) && typeof node.$ref === 'string') node.$ref = redirected(node.$ref, own, places)
    for (const inner of Object.values(node)) if (typeof inner === 'object' && inner !== null) stack.push(inner)
  }
}

function redirected(reference: string, own: string, places: ReadonlyMap<string, string>): string {
  const at = reference.indexOf('#')
  const fragment = at < 0 ? '' : reference.slice(at + 1)
  const place = at === 0 ? own : places.get(at < 0 ? reference : reference.slice(0, at))
  if (place === undefined) return URL.canParse(reference) ? addressOf(reference).href : reference
  // What is named by an anchor has that name wherever it is.
  return fragment === '' || fragment.startsWith('/') ? place + fragment : `#${fragment}`
}
