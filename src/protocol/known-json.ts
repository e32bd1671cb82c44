const TEXTS = new WeakMap<object, string>()

/**
 * Notes the JSON of a frozen definition, so that the first list that shows it need not make it. For sources of many, whose
 * first list would keep everybody waiting; what is noted stays in memory with its definition.
 */
export function noteJson<T extends object>(definition: T, text: string = JSON.stringify(definition)): T {
  TEXTS.set(definition, text)
  return definition
}

/** The JSON of a value, where it was noted. */
export function knownJson(value: unknown): string | undefined {
  return typeof value === 'object' && value !== null ? TEXTS.get(value) : undefined
}

/** Notes the JSON of a definition that is another one but for its name, which comes first in both. */
export function noteRenamed<T extends { readonly name: string }>(definition: T, source: { readonly name: string }): T {
  const known = knownJson(source)
  const start = `{"name":${JSON.stringify(source.name)}`
  if (known?.startsWith(start))
    noteJson(definition, `{"name":${JSON.stringify(definition.name)}${known.slice(start.length)}`)
  return definition
}

/** The JSON of a list result, whose items may be known, without the brace that closes it: nothing that long is copied for more. */
export function openListJson(result: object): string {
  // Added one to the other and never joined: each join would be a copy.
  let open = '{'
  for (const [key, value] of Object.entries(result)) {
    const text = Array.isArray(value) ? `[${itemsJson(value)}]` : JSON.stringify(value)
    // What has no form in JSON is no member.
    if (text !== undefined) open += `${open === '{' ? '' : ','}${JSON.stringify(key)}:${text}`
  }
  return open
}

function itemsJson(items: readonly unknown[]): string {
  let text = ''
  for (const [index, item] of items.entries()) text += index === 0 ? itemJson(item) : `,${itemJson(item)}`
  return text
}

function itemJson(item: unknown): string {
  return knownJson(item) ?? JSON.stringify(item) ?? 'null'
}
