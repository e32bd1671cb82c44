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
  const members = Object.entries(result).flatMap(([key, value]) => {
    const text = Array.isArray(value) ? `[${value.map(itemJson).join(',')}]` : JSON.stringify(value)
    // What has no form in JSON is no member.
    return text === undefined ? [] : `${JSON.stringify(key)}:${text}`
  })
  // A single one is not joined with others: that would copy it.
  return `{${members.length === 1 ? members[0] : members.join(',')}`
}

function itemJson(item: unknown): string {
  return knownJson(item) ?? JSON.stringify(item) ?? 'null'
}
