import { FastMCPError } from './protocol/errors.ts'
import type { Provider } from './providers/provider.ts'
import type { Report } from './server/mask.ts'

/** From here on models choose worse, and every conversation pays for what it does not use. */
const MANY = { tools: 40, tokens: 20_000 }

/**
 * Makes the note for operators about a catalogue that is too large to be shown to a model whole; told once, at start. Sources
 * elsewhere are not asked for it.
 */
export function createCatalogueNote(provider: Provider, report: Report): () => Promise<void> {
  let isTold = false
  return async () => {
    if (isTold || provider.isRemote === true) return
    isTold = true
    const note = await noteOn(provider).catch(() => undefined)
    if (note !== undefined) report(note, { during: 'start' })
  }
}

async function noteOn(provider: Provider): Promise<FastMCPError | undefined> {
  const tools = await provider.list('tool', { auth: undefined, sessionId: undefined })
  const count = new Set(tools.map(({ id }) => id)).size
  const tokens = Math.round(tools.reduce((sum, { definition }) => sum + JSON.stringify(definition).length, 0) / 4)
  if (count <= MANY.tools && tokens <= MANY.tokens) return undefined
  const note = new FastMCPError(
    'LARGE_CATALOGUE',
    `This server lists ${count} tools, about ${tokens} tokens that every conversation begins with. ` +
      `mcp.transform(search()) shows two tools that find and call the others; hide() takes out what nobody needs`,
  )
  // Where this was noticed tells nobody anything.
  note.stack = note.message
  return note
}
