import { isRecord } from '../../../protocol/json-rpc.ts'
import { unusable } from './document-error.ts'
import { embedDocuments } from './embed-documents.ts'
import { ExternalDocuments, type ExternalOptions } from './external-documents.ts'

type Members = Readonly<Record<string, unknown>>

/** A document that holds the others it refers to, and why some of them are not there, by their addresses. */
export interface Bundled {
  readonly root: Members
  readonly problems: ReadonlyMap<string, string>
}

/** Whether anything in a document refers to another one. */
export function refersOut(document: Members): boolean {
  const stack: object[] = [document]
  for (let node = stack.pop(); node !== undefined; node = stack.pop()) {
    if (isRecord(node) && typeof node.$ref === 'string' && !node.$ref.startsWith('#')) return true
    for (const inner of Object.values(node)) if (typeof inner === 'object' && inner !== null) stack.push(inner)
  }
  return false
}

/**
 * Reads the documents that a document refers to, and those that they refer to, as far as that is allowed. Where one cannot
 * be had, what needs it is told why. It may change what it is given.
 */
export async function withExternal(
  root: Members,
  address: URL | undefined,
  options: ExternalOptions,
): Promise<Bundled> {
  const { $RefParser, JSONParserErrorGroup } = await loadParser()
  const documents = new ExternalDocuments(address, options)
  const settings = {
    mutateInputSchema: true,
    continueOnError: true,
    resolve: {
      file: false,
      http: false,
      asked: { order: 1, canRead: true, read: ({ url }: Place) => documents.read(url) },
    },
    parse: {
      json: false,
      yaml: false,
      text: false,
      binary: false,
      any: { order: 1, canParse: true, parse: ({ url }: Place) => documents.parsed(url) },
    },
  }
  const start = documents.start(root)
  await new $RefParser().resolve(start, root, settings).catch((problem: unknown) => {
    // What cannot be had is told of where it is needed.
    if (!(problem instanceof JSONParserErrorGroup)) throw problem
  })
  documents.rethrow()
  return { root: embedDocuments(root, start, documents.found), problems: documents.problems }
}

interface Place {
  readonly url: string
}

async function loadParser(): Promise<typeof import('@apidevtools/json-schema-ref-parser')> {
  try {
    return await import('@apidevtools/json-schema-ref-parser')
  } catch (cause) {
    throw unusable(
      'refers to other documents, and what reads them is not installed: run `npm install @apidevtools/json-schema-ref-parser`',
      { cause },
    )
  }
}
