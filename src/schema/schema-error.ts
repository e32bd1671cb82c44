/**
 * A schema that cannot serve: it has no JSON Schema, is too large, or points outside itself.
 * The message says what is wrong and what to write instead; whoever registers the component
 * adds its name.
 */
export class SchemaError extends Error {
  override readonly name = 'SchemaError'
}
