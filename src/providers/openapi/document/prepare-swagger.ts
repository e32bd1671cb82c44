import { isRecord } from '../../../protocol/json-rpc.ts'
import { HOLDER } from './embed-documents.ts'
import { freeName, hoistSchemas } from './hoist-schemas.ts'
import { References } from './references.ts'
import { fieldSchema, isInBody, LIST_STYLES, requestBodyOf } from './swagger-body.ts'
import { readNullable } from './swagger-nullable.ts'

type Members = Readonly<Record<string, unknown>>
type Open = Record<string, unknown>

/**
 * A Swagger 2.0 document in which what the conversion would lose or fail at is already as OpenAPI 3.0 has it: bodies,
 * forms, the media types of answers. What is of a wrong type is left out. It may change what it is given.
 */
export function prepareSwagger(document: Members): Members {
  const { info, host, basePath, security, tags } = document
  const work = new Preparation(document)
  return {
    info,
    ...(isText(host) && { host: host.trim() }),
    ...(isText(basePath) && { basePath: pathOf(basePath) }),
    schemes: schemesOf(document.schemes),
    security,
    tags,
    ...work.parts(document),
    securityDefinitions: mapped(document.securityDefinitions, (scheme) => scheme),
    [HOLDER]: document[HOLDER],
  }
}

const METHODS: ReadonlySet<string> = new Set(['get', 'put', 'post', 'delete', 'options', 'head', 'patch'])
const MOST_TYPES = 50
const JSON_TYPE = ['application/json']

/** Where something of a kind is kept under a name, so that it is converted once however often it is referred to. */
interface Shelf {
  readonly place: string
  readonly members: Open
}

class Preparation {
  readonly #definitions: Shelf
  readonly #parameters: Shelf
  readonly #responses: Shelf
  readonly #paths: Shelf
  readonly #produces: readonly string[]
  readonly #consumes: readonly string[] | undefined
  readonly #references: References
  readonly #shelved = new Map<object, Members>()

  constructor(document: Members) {
    const definitions = isRecord(document.definitions) ? { ...document.definitions } : {}
    readNullable(document)
    hoistSchemas(document, definitions)
    this.#definitions = { place: '#/definitions/', members: definitions }
    this.#parameters = { place: '#/parameters/', members: {} }
    this.#responses = { place: '#/responses/', members: {} }
    this.#paths = { place: '#/paths/', members: {} }
    this.#produces = typesOf(document.produces) ?? JSON_TYPE
    this.#consumes = typesOf(document.consumes)
    this.#references = new References(document)
  }

  parts(document: Members): Members {
    const paths = mapped(document.paths, (item) => this.#pathItemOf(item))
    return {
      paths: { ...paths, ...this.#paths.members },
      definitions: this.#definitions.members,
      parameters: this.#parameters.members,
      responses: this.#responses.members,
    }
  }

  #pathItemOf(item: Members): Members {
    if (typeof item.$ref !== 'string') return this.#ownPathItem(item)
    const target = this.#references.resolve(item.$ref)
    if (!isRecord(target)) return { $ref: item.$ref }
    return this.#shelve(this.#paths, { target, name: 'x-shared', make: () => this.#ownPathItem(target) })
  }

  #ownPathItem(item: Members): Members {
    const own = this.#parametersOf(item.parameters)
    const kept: Open = { parameters: own.others }
    for (const [method, operation] of Object.entries(item)) {
      if (METHODS.has(method) && isRecord(operation)) kept[method] = this.#operationOf(operation, own.inBody)
    }
    return kept
  }

  #operationOf(operation: Members, inherited: readonly Members[]): Members {
    const { consumes, produces, parameters, responses, requestBody: _, ...rest } = operation
    const { others, inBody } = this.#parametersOf(parameters)
    // A body of the operation stands in place of one that its path has; fields of forms add up.
    const all = inBody.some(({ in: place }) => place === 'body') ? inBody : [...inherited, ...inBody]
    const body = requestBodyOf(all, typesOf(consumes) ?? this.#consumes, this.#shared)
    const types = typesOf(produces) ?? this.#produces
    return {
      ...rest,
      parameters: others,
      responses: mapped(responses, (response) => this.#responseOf(response, types)),
      ...(body !== undefined && { requestBody: body }),
    }
  }

  #responseOf(response: Members, produces: readonly string[]): Members {
    if (typeof response.$ref !== 'string') return this.#ownResponse(response, produces)
    const target = this.#references.resolve(response.$ref)
    if (!isRecord(target)) return { $ref: response.$ref }
    // It has the types of the first that refers to it: it cannot have those of all.
    return this.#shelve(this.#responses, { target, name: 'shared', make: () => this.#ownResponse(target, produces) })
  }

  #ownResponse({ description, schema }: Members, produces: readonly string[]): Members {
    if (!isRecord(schema)) return { description }
    const media = { schema: produces.length > 1 ? this.#shared(schema) : schema }
    return { description, content: Object.fromEntries(produces.map((type) => [type, media])) }
  }

  /** Those of a body are asked for what they are; the others stay what they are. */
  #parametersOf(parameters: unknown): { readonly others: readonly unknown[]; readonly inBody: readonly Members[] } {
    const [others, inBody]: [unknown[], Members[]] = [[], []]
    for (const parameter of Array.isArray(parameters) ? parameters : []) {
      const reference = isRecord(parameter) && typeof parameter.$ref === 'string' ? parameter.$ref : undefined
      const target = reference === undefined ? parameter : this.#references.resolve(reference)
      if (isInBody(target)) inBody.push(reference === undefined ? target : this.#sharedInBody(target))
      else if (reference === undefined) others.push(parameterOf(parameter))
      else others.push(isRecord(target) ? this.#sharedParameter(target) : { $ref: reference })
    }
    return { others, inBody }
  }

  #sharedParameter(target: Members): Members {
    return this.#shelve(this.#parameters, { target, name: 'shared', make: () => parameterOf(target) })
  }

  #sharedInBody(target: Members): Members {
    if (target.in === 'body')
      return isRecord(target.schema) ? { ...target, schema: this.#shared(target.schema) } : target
    const what = { target, name: 'field', make: () => fieldSchema(target) }
    const { name, in: place, required, type, collectionFormat, items } = target
    const kind = isRecord(items) ? { items: { type: items.type } } : {}
    return { name, in: place, required, type, collectionFormat, ...kind, schema: this.#shelve(this.#definitions, what) }
  }

  readonly #shared = (schema: Members): Members => {
    if (typeof schema.$ref === 'string') return schema
    return this.#shelve(this.#definitions, { target: schema, name: 'inline', make: () => schema })
  }

  #shelve({ place, members }: Shelf, what: { target: object; name: string; make: () => Members }): Members {
    const known = this.#shelved.get(what.target)
    if (known !== undefined) return known
    const name = freeName(members, `${what.name}${this.#shelved.size + 1}`)
    const reference = { $ref: place + name }
    this.#shelved.set(what.target, reference)
    members[name] = what.make()
    return reference
  }
}

/** What says nowhere where it belongs is told of when it is read; the conversion would fail. */
function parameterOf(parameter: unknown): Members {
  if (!isRecord(parameter)) return { in: 'nowhere' }
  if (!isText(parameter.in)) return { ...parameter, in: 'nowhere' }
  return parameter.type === 'array' ? { ...parameter, ...LIST_STYLES.get(parameter.collectionFormat) } : parameter
}

/** Addresses that are encrypted come first: the first is the one that is used. */
function schemesOf(schemes: unknown): readonly string[] {
  const known = ['https', 'http'].filter((scheme) => Array.isArray(schemes) && schemes.includes(scheme))
  return known.length > 0 ? known : ['https']
}

function pathOf(basePath: string): string {
  const path = basePath.trim()
  return path.startsWith('/') ? path : `/${path}`
}

function typesOf(types: unknown): readonly string[] | undefined {
  const known = Array.isArray(types) ? types.slice(0, MOST_TYPES).filter(isText) : []
  return known.length > 0 ? known : undefined
}

function mapped(members: unknown, convert: (member: Members) => unknown): Members {
  const kept = Object.entries(isRecord(members) ? members : {}).flatMap(([name, member]) =>
    isRecord(member) ? [[name, convert(member)] as const] : [],
  )
  return Object.fromEntries(kept)
}

function isText(value: unknown): value is string {
  return typeof value === 'string' && value.trim() !== ''
}
