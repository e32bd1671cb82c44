import { isRecord } from '../../../protocol/json-rpc.ts'
import { addressOf } from './external-documents.ts'

type Members = Readonly<Record<string, unknown>>

/** The member of a document that holds the others. */
export const HOLDER = 'x-documents'

/**
 * A document that holds others by their names, with all references between them changed to where they are now. Takes as
 * long as reading them once, however many references there are.
 */
export function embedDocuments(root: Members, name: string, documents: ReadonlyMap<string, Members>): Members {
  const places = new Map([...documents.keys()].map((other, index) => [other, `#/${HOLDER}/${index}`]))
  places.set(name, '#')
  redirect(root, '#', places)
  for (const [other, document] of documents) redirect(document, places.get(other) ?? '#', places)
  return { ...root, [HOLDER]: { ...[...documents.values()] } }
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
