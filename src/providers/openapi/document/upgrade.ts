import { upgrade } from '@scalar/openapi-upgrader'
import { isRecord } from '../../../protocol/json-rpc.ts'
import { unusable } from './document-error.ts'
import { hideNames, showNames } from './hidden-names.ts'
import { prepareSwagger } from './prepare-swagger.ts'

type Members = Readonly<Record<string, unknown>>

/**
 * A document as OpenAPI 3.1, or 3.2 where it is that already. Throws for what is no description of an API. It may change
 * what it is given.
 */
export function upgraded(document: Members): Members {
  const version = versionOf(document)
  const isNew = /^3\.[1-9]/.test(version)
  if (!isNew && !/^(?:2|3)(?:\.|$)/.test(version)) {
    throw unusable(`is of version ${JSON.stringify(version.slice(0, 20))}; versions 2.0, 3.0, 3.1 and 3.2 can be read`)
  }
  const mayHaveNone =
    isNew && document.paths === undefined && (isRecord(document.webhooks) || isRecord(document.components))
  if (!isRecord(document.paths) && !mayHaveNone) {
    throw unusable('has no "paths", so that there is nothing to offer; is it the right file?')
  }
  if (isNew) return document
  if (version.startsWith('2')) return toThreeOne({ ...prepareSwagger(document), swagger: '2.0' })
  return toThreeOne({ ...document, openapi: '3.0.4', swagger: undefined })
}

/** YAML takes a bare `3.0` for a number. */
function versionOf({ openapi, swagger }: Members): string {
  const version = openapi ?? swagger
  if (typeof version === 'string') return version.trim()
  if (typeof version === 'number') return String(version)
  throw unusable('has no "openapi" or "swagger" member that tells its version; is it the right file?')
}

function toThreeOne(document: Members): Members {
  const wasHidden = hideNames(document)
  const result = convert(document)
  if (wasHidden) showNames(result)
  return result
}

function convert(document: Members): Members {
  try {
    const result: unknown = upgrade(document, '3.1')
    if (isRecord(result)) return result
  } catch (cause) {
    throw unusable('cannot be converted to OpenAPI 3.1; convert it with another tool first', { cause })
  }
  throw unusable('cannot be converted to OpenAPI 3.1; convert it with another tool first')
}
