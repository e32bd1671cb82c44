import type { AnyComponent } from '../components/component.ts'
import { frozenCopy } from '../components/metadata.ts'
import type { Transform } from '../providers/provider.ts'
import { inlineReferences } from '../schema/inline.ts'
import { reface } from './reface.ts'
import { remap } from './remap.ts'

/**
 * Writes out the `$ref`s in the schemas of tools, for clients that do not follow them. What refers to itself keeps its
 * definition, for it has no end.
 *
 * @example
 * mcp.transform(dereference())
 */
export function dereference(): Transform {
  return (source) =>
    remap(source, {
      show: <C extends AnyComponent>(component: C) => {
        if (component.kind !== 'tool') return component
        const { definition } = component
        const { inputSchema, outputSchema } = definition
        const [input, output] = [inlineReferences(inputSchema), outputSchema && inlineReferences(outputSchema)]
        if (input === inputSchema && output === outputSchema) return component
        const changed = {
          ...definition,
          inputSchema: { ...input, type: 'object' as const },
          ...(output && { outputSchema: output }),
        }
        return reface(component, { definition: frozenCopy(`tool "${component.id}"`, changed) })
      },
    })
}
