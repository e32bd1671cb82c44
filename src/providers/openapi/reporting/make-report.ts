import type { Tool } from '../../../components/component.ts'
import type { ExcludedRoute, OpenApiReport, TakenRoute } from '../report.ts'
import type { Api, SkippedRoute } from '../routes/api.ts'
import { oneLine } from './label.ts'

/** What was found out while a document was taken in. */
export interface Findings {
  readonly taken: readonly TakenRoute[]
  readonly excluded: readonly ExcludedRoute[]
  readonly skipped: readonly SkippedRoute[]
  readonly missingCredentials: Iterable<string>
  readonly tools: readonly Tool[]
}

/** From here on models choose worse, and every conversation pays for what it does not use. */
const MANY = { tools: 40, tokens: 20_000 }
const CHARACTERS_PER_TOKEN = 4

/** The report on a document; frozen. */
export function makeReport({ title, version }: Pick<Api, 'title' | 'version'>, findings: Findings): OpenApiReport {
  const { taken, excluded, skipped, tools } = findings
  const tokens = tokensOf(tools)
  const missingCredentials = [...new Set(findings.missingCredentials)].sort()
  return Object.freeze({
    title: oneLine(title),
    version: oneLine(version),
    taken: Object.freeze([...taken]),
    excluded: Object.freeze([...excluded]),
    skipped: Object.freeze([...skipped]),
    missingCredentials: Object.freeze(missingCredentials),
    tokens,
    advice: Object.freeze(adviceOn({ tools: tools.length, tokens, taken, skipped, missingCredentials })),
  })
}

/** What a model reads of tools: schemas of results are not for it. */
function tokensOf(tools: readonly Tool[]): number {
  const characters = tools.reduce((sum, { definition: { name, title, description, inputSchema } }) => {
    return sum + JSON.stringify({ name, title, description, inputSchema }).length
  }, 0)
  return Math.round(characters / CHARACTERS_PER_TOKEN)
}

interface Figures extends Pick<OpenApiReport, 'taken' | 'skipped' | 'missingCredentials' | 'tokens'> {
  readonly tools: number
}

function adviceOn({ tools, tokens, taken, skipped, missingCredentials }: Figures): string[] {
  const advice: string[] = []
  if (taken.length === 0 && skipped.length > 0) advice.push('Nothing of the document can be offered; see why')
  if (tools > MANY.tools || tokens > MANY.tokens) {
    advice.push(
      `${tools} tools, about ${tokens} tokens, are more than a model chooses well from: leave out what nobody needs ` +
        'with routeMaps, or show two tools that find and call the others with mcp.transform(search())',
    )
  }
  if (missingCredentials.length > 0) {
    advice.push(`Give credentials as auth: { ${missingCredentials.map((name) => `${keyText(name)}: …`).join(', ')} }`)
  }
  return advice
}

function keyText(name: string): string {
  return /^[A-Za-z_$][\w$]*$/.test(name) ? name : JSON.stringify(oneLine(name))
}
