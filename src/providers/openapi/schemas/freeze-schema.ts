/**
 * Freezes a schema with all that it holds. Schemas of one document share their parts, so that what is frozen already was
 * frozen so, and is not gone into again.
 */
export function freezeSchema<T>(schema: T): T {
  if (typeof schema !== 'object' || schema === null || Object.isFrozen(schema)) return schema
  Object.freeze(schema)
  for (const member of Object.values(schema)) freezeSchema(member)
  return schema
}
