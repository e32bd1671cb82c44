import type { Tool } from '../components/component.ts'
import { DefinitionError } from '../protocol/errors.ts'
import { nearest } from '../schema/nearest.ts'
import { AUTHOR, type Provider } from './provider.ts'

/** The tool of this name, whoever may call it. Rejects with `DefinitionError` where there is none. */
export async function toolOf(provider: Provider, name: string): Promise<Tool> {
  const found = await provider.find('tool', name, AUTHOR)
  if (found !== undefined) return found
  const names = (await provider.list('tool', AUTHOR)).map(({ id }) => id)
  const meant = nearest(name, names)
  const hint = meant === undefined ? 'register or mount it first' : `did you mean "${meant}"?`
  throw new DefinitionError(`tool "${name}"`, `there is none; ${hint}`)
}
