/** What stands in place of a secret. */
export const REDACTED = '[redacted]'

/** Texts that are secret by their form, found by how they begin, so that one which is cut off is found too. */
const SECRET_FORMS = new RegExp(
  [
    String.raw`\b(?:bearer|basic|digest|negotiate|dpop)\s+[\w.~+/=-]{6,}`,
    String.raw`\beyJ[\w-]{6,}(?:\.[\w-]*){0,4}`,
    String.raw`\b(?:sk|pk|rk)[-_][\w-]{8,}`,
    String.raw`\b(?:gh[pousr]_|github_pat_|glpat-|npm_|xox[abeprs]-|ya29\.|SG\.)[\w.-]{8,}`,
    String.raw`\b(?:AKIA|ASIA|AIza)[\w-]{12,}`,
    String.raw`-----BEGIN [A-Z ]{0,40}PRIVATE KEY-----[\s\S]*`,
    String.raw`(?<=:\/\/)[^\s/@:]{0,200}:[^\s/@]{1,200}(?=@)`,
  ].join('|'),
  'gi',
)
/** What is in every text that either finds something in: most words in a log have nothing of it. */
const MARKED = /[\s:=@_.-]|eyJ|A[KS]IA|AIza/i
/** `password=…`, `"token": "…"`, `?code=…`: the name stays, the value goes. */
const NAMED =
  /((?:token|secret|passw(?:or)?d|pwd|key|credential|signature|authorization|cookie|\bcode|\bstate)[\w-]{0,40}["']?\s{0,4}[=:]\s{0,4}["']?)[^\s"'&,;}]+/gi

/**
 * A text without what looks secret: `Bearer …`, `password=…`, `https://user:password@…`, tokens and keys of known
 * forms. Reports on standard error have passed it. It cannot know a secret that looks like any other word.
 *
 * @example
 * const mcp = new FastMCP({
 *   name: 'shop',
 *   version: '1.0.0',
 *   onError: (problem, { reference }) => pager.send(`${reference} ${withoutSecrets(problem.message)}`),
 * })
 */
export function withoutSecrets(text: string): string {
  return MARKED.test(text) ? text.replace(SECRET_FORMS, REDACTED).replace(NAMED, `$1${REDACTED}`) : text
}
