import type { Body } from '../../../../upstream/follow.ts'

/** A body, and the media type that says what it is. */
export interface Written {
  readonly type: string
  readonly body: Body
}
