import type { Awaitable, Call } from '../../engine/call.ts'
import type { ServerCapabilities } from '../../protocol/capabilities.ts'
import type { Implementation } from '../../protocol/definitions.ts'
import type { Method, ResultOf } from '../../protocol/methods.ts'
import type { Provider } from '../../providers/provider.ts'
import type { Catalog } from '../catalog.ts'

/** What operations work with: one per server. */
export interface Serving {
  readonly identity: Implementation
  readonly instructions: string | undefined
  /** Capabilities the author declares beyond what the components show. */
  readonly declared: ServerCapabilities
  readonly provider: Provider
  readonly catalog: Catalog
}

/** The innermost function of a method. */
export type Operation<M extends Method> = (call: Call<M>, serving: Serving) => Awaitable<ResultOf<M>>
