import type { OuterServer } from '../engine/outer-server.ts'
import type { Page, ResultOf } from '../protocol/methods.ts'

type ListMethod = 'resources/list' | 'resources/templates/list' | 'prompts/list'

/** More pages than any honest list has. */
const MOST_PAGES = 1_000

/** Everything that the caller sees of a kind, page by page, as it is shown to them; nothing where there is no such list. */
export async function listed<M extends ListMethod>(server: OuterServer, method: M): Promise<readonly ResultOf<M>[]> {
  const pages: ResultOf<M>[] = []
  let cursor: string | undefined
  do {
    const page = await server.ask<ListMethod>(method, cursor === undefined ? {} : { cursor }).catch(noneAtAll)
    if (page === undefined) return pages
    // The result is that of the method.
    pages.push(page as ResultOf<M>)
    cursor = (page as Page).nextCursor
  } while (cursor !== undefined && pages.length < MOST_PAGES)
  return pages
}

/** A server where the caller sees nothing of a kind may say that it has no such list. */
function noneAtAll(problem: unknown): undefined {
  if (problem instanceof Error && 'code' in problem && problem.code === 'METHOD_NOT_FOUND') return undefined
  throw problem
}
