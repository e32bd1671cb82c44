import type { Awaitable } from '../../../schema/awaitable.ts'
import { unusable } from './document-error.ts'
import { parseYaml } from './parse-yaml.ts'

/** What the text of a document says, JSON or YAML. The YAML reader is loaded for YAML only. */
export function parseDocument(text: string): Awaitable<unknown> {
  const start = text.slice(0, 1_000).trimStart()
  if (start.startsWith('<'))
    throw unusable('is a web page; give the address of the document itself, such as …/openapi.json')
  if (!start.startsWith('{')) return parseYaml(text)
  try {
    return JSON.parse(text.startsWith('\ufeff') ? text.slice(1) : text)
  } catch (cause) {
    throw unusable(`is no JSON: ${wordsOf(cause)}`, { cause })
  }
}

function wordsOf(cause: unknown): string {
  return (cause instanceof Error ? (cause.message.split('\n')[0] ?? '') : String(cause)).slice(0, 200)
}
