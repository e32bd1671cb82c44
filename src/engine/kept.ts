import { FastMCPError } from '../protocol/errors.ts'
import type { Storage } from '../storage/storage.ts'
import type { Auth } from './auth.ts'
import type { Origin } from './origin.ts'

/** What a server keeps from one call to the next. */
export interface Kept {
  /** For everybody: all of the server's storage but what the others here have in it. */
  readonly shared: Storage
  /** For one caller. Throws `ToolError` for nobody. */
  ofCaller(auth: Auth | undefined): Storage
  /** For one use of the library itself: no key of anything else leads into it. */
  part(name: string): Storage
}

/** What is kept where a call comes from. */
export function keptAt({ application }: Origin): Kept {
  if (application.kept !== undefined) return application.kept
  throw new FastMCPError('SETTING', `${application.identity.name} keeps nothing from one call to the next`)
}
