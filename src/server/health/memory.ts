import { builtin, lastingProcess } from '../runtime.ts'

/** Memory in bytes; what a runtime does not tell is left out. */
export interface MemoryFigures {
  readonly rss?: number
  readonly heapUsed?: number
  readonly heapLimit?: number
}

/** The part of `node:v8` that is needed. */
interface HeapTeller {
  getHeapStatistics?(): { readonly used_heap_size: number; readonly heap_size_limit: number }
}

/** What the process uses. */
export function memoryFigures(): MemoryFigures {
  const usage = lastingProcess()?.memoryUsage?.()
  const heap = heapOf()
  return {
    ...(usage && { rss: usage.rss, heapUsed: usage.heapUsed }),
    ...(heap && { heapLimit: heap.heap_size_limit }),
  }
}

/** How full the heap is, from 0 to 1; 0 where a runtime does not tell. */
export function heapFill(): number {
  const heap = heapOf()
  return heap === undefined ? 0 : heap.used_heap_size / heap.heap_size_limit
}

function heapOf(): ReturnType<NonNullable<HeapTeller['getHeapStatistics']>> | undefined {
  const teller = builtin('node:v8') as HeapTeller | undefined // what is missing of it is left out
  return teller?.getHeapStatistics?.()
}
