import type { JsonSchema } from '../../../schema/json-schema.ts'
import type { MediaType, Parameter } from '../routes/route.ts'

/** What of the arguments becomes the body. */
export type BodyPlan =
  | {
      readonly kind: 'whole'
      readonly media: MediaType
      /** The argument that is the body. */
      readonly argument: string
    }
  | {
      readonly kind: 'properties'
      readonly media: MediaType
      /** Each argument with the property that it becomes. */
      readonly properties: ReadonlyMap<string, string>
      /** Whether a body is sent even where none of them is given. */
      readonly required: boolean
    }

/** The arguments of an operation, and where each of them goes. */
export interface ArgumentPlan {
  /** A whole schema of an object, draft 2020-12: its references lead into its own `$defs`. */
  readonly schema: JsonSchema
  /** Each argument that is no part of the body with its parameter. */
  readonly parameters: ReadonlyMap<string, Parameter>
  readonly body?: BodyPlan
}
