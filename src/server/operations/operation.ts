import type { Kind } from '../../components/component.ts'
import type { Awaitable, Call } from '../../engine/call.ts'
import type { ServerCapabilities } from '../../protocol/capabilities.ts'
import type { Implementation } from '../../protocol/definitions.ts'
import type { Method, ResultOf } from '../../protocol/methods.ts'
import type { Provider } from '../../providers/provider.ts'
import type { Catalog } from '../catalog.ts'
import type { Extensions } from '../extensions.ts'
import type { KeptReads } from '../kept-reads.ts'

/** What operations work with: one per server. */
export interface Serving {
  readonly identity: Implementation
  readonly instructions: string | undefined
  /** Capabilities beyond what the components show: those that the author declares, and those of extensions. */
  declared(options: { readonly resultTypes: boolean }): ServerCapabilities
  /** Whether anything of a kind was ever registered or shown: it is then a method of the server, though the list be empty. */
  held(kind: Kind): boolean
  readonly extensions: Extensions
  readonly provider: Provider
  readonly catalog: Catalog
  readonly keptReads: KeptReads
}

/** The innermost function of a method. */
export type Operation<M extends Method> = (call: Call<M>, serving: Serving) => Awaitable<ResultOf<M>>
