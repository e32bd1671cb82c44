import type { Body } from '../../../upstream/follow.ts'

/** A request as the document wants it, not proved yet. */
export interface Draft {
  /** Below the address of its server; checked. */
  readonly url: URL
  readonly headers: Headers
  readonly body: Body | undefined
}

/** Writes the request of one operation. Throws `ToolError` (`VALIDATION_ERROR`) for what no request can hold. */
export type Writer = (args: Readonly<Record<string, unknown>>) => Draft
