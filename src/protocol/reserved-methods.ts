/** Requests of the protocol itself, in any revision and either direction. No extension may take their names. */
const REQUESTS: ReadonlySet<string> = new Set([
  'initialize',
  'ping',
  'server/discover',
  'tools/list',
  'tools/call',
  'resources/list',
  'resources/templates/list',
  'resources/read',
  'resources/subscribe',
  'resources/unsubscribe',
  'prompts/list',
  'prompts/get',
  'completion/complete',
  'logging/setLevel',
  'subscriptions/listen',
  'sampling/createMessage',
  'elicitation/create',
  'roots/list',
])

/** What fits a header as it is: methods travel in one. */
const NAME = /^[A-Za-z][A-Za-z0-9_.-]*(?:\/[A-Za-z0-9_.-]+)+$/

/** Why an extension cannot have a method of this name; undefined where it can. */
export function methodNameProblem(name: string): string | undefined {
  if (REQUESTS.has(name)) return 'it is a method of the protocol itself'
  if (name.startsWith('notifications/')) return 'names under notifications/ are for messages without an answer'
  return NAME.test(name)
    ? undefined
    : 'write words of letters, digits and - _ . with "/" between them, as in reports/render'
}
