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
export function makeReport(api: Pick<Api, 'title' | 'version' | 'schemes'>, findings: Findings): OpenApiReport {
  const { title, version, schemes } = api
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
    advice: Object.freeze(adviceOn({ ...findings, tools: tools.length, tokens, missingCredentials, schemes })),
  })
}

/** What a model reads of tools: schemas of results are not for it. */
function tokensOf(tools: readonly Tool[]): number {
  const characters = tools.reduce((sum, { definition: { name, title, description, inputSchema } }) => {
    return sum + JSON.stringify({ name, title, description, inputSchema }).length
  }, 0)
  return Math.round(characters / CHARACTERS_PER_TOKEN)
}

interface Figures extends Pick<OpenApiReport, 'taken' | 'excluded' | 'skipped' | 'missingCredentials' | 'tokens'> {
  readonly tools: number
  readonly schemes: Api['schemes']
}

function adviceOn({ tools, tokens, taken, excluded, skipped, missingCredentials, schemes }: Figures): string[] {
  const advice: string[] = []
  if (taken.length === 0 && skipped.length > 0) advice.push('Nothing of the document can be offered; see why')
  else if (taken.length === 0 && excluded.length === 0) advice.push('The document has no operations')
  if (tools > MANY.tools || tokens > MANY.tokens) {
    advice.push(
      `${tools} tools, about ${tokens} tokens, are more than a model chooses well from: leave out what nobody needs ` +
        'with routeMaps, or show two tools that find and call the others with mcp.transform(search())',
    )
  }
  return [...advice, ...credentialAdvice(missingCredentials, schemes)]
}

/** Not all that a document asks for can be given as a text. */
function credentialAdvice(missing: readonly string[], schemes: Api['schemes']): string[] {
  const advice: string[] = []
  const typeOf = (name: string): string | undefined => schemes.get(name)?.type
  const texts = missing.filter((name) => AS_TEXT.has(typeOf(name) ?? ''))
  const byConnection = missing.filter((name) => typeOf(name) === 'mutualTLS')
  const others = missing.filter((name) => !texts.includes(name) && !byConnection.includes(name))
  const names = (list: readonly string[]): string => list.map((name) => `"${oneLine(name)}"`).join(', ')
  if (texts.length > 0)
    advice.push(`Give credentials as auth: { ${texts.map((name) => `${keyText(name)}: …`).join(', ')} }`)
  if (byConnection.length > 0) advice.push(`Give a fetch that shows a certificate, for ${names(byConnection)}`)
  if (others.length > 0)
    advice.push(`The document does not explain ${names(others)}; give what the API wants as headers or by fetch`)
  return advice
}

const AS_TEXT: ReadonlySet<string> = new Set(['apiKey', 'http', 'oauth2', 'openIdConnect'])

function keyText(name: string): string {
  return /^[A-Za-z_$][\w$]*$/.test(name) ? name : JSON.stringify(oneLine(name))
}
