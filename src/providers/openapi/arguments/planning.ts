import type { SchemaLibrary } from '../schemas/schema-library.ts'

/** What the arguments of one operation are planned with. */
export interface Planning {
  readonly library: SchemaLibrary
  /** What could not be done as the document says, in words. */
  readonly notes: Set<string>
}
