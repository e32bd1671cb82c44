import { listSkills, readSkill } from '@fastmcp/ts/client/skills'

const listTools = (client) => client.tools()
const call = (name, args) => (client) => client.callTool(name, args, { throwOnError: false })

/** For the scenarios whose question is what a client does when something is refused. */
const whateverComes = (action) => async (client) => {
  await action(client).catch((problem) => console.error(`Refused, as it may be: ${problem.message}`))
}

const SCENARIOS = {
  initialize: () => [listTools],
  tools_call: () => [listTools, call('add_numbers', { a: 5, b: 3 })],
  'elicitation-sep1034-client-defaults': () => [listTools, call('test_client_elicitation_defaults')],
  'sse-retry': () => [listTools, call('test_reconnection')],
  'request-metadata': () => [listTools],
  'sep-2322-client-request-state': () => [
    listTools,
    call('test_mrtr_echo_state'),
    call('test_mrtr_no_state'),
    call('test_mrtr_unrelated'),
    whateverComes(call('test_mrtr_no_result_type')),
  ],
  'http-standard-headers': () => [callEachTool, whateverComes(readEachResource), whateverComes(getEachPrompt)],
  'http-custom-headers': ({ toolCalls }) => [
    listTools,
    ...toolCalls.map(({ name, arguments: args }) => call(name, args)),
  ],
  'http-invalid-tool-headers': () => [callEachTool],
  'json-schema-ref-no-deref': () => [listTools],
  'json-schema-2020-12-preservation': () => [echoSchema],
  'sep-2640-client-no-prefetch': () => [(client) => listSkills(client)],
  'sep-2640-client-verify-digest': () => [readFirstSkill],
  'sep-2640-client-verify-size': () => [readFirstSkill],
  'sep-2640-client-verify-frontmatter': () => [readFirstSkill],
}

/** What to do in a scenario, one thing after the other; undefined where it is not known. */
export function actionsOf(scenario, context) {
  if (scenario.startsWith('auth/')) return [listTools, call('test-tool')]
  return Object.hasOwn(SCENARIOS, scenario) ? SCENARIOS[scenario](context) : undefined
}

async function callEachTool(client) {
  for (const { name } of await client.tools()) await client.callTool(name, {}, { throwOnError: false })
}

async function readEachResource(client) {
  for (const { uri } of await client.resources()) await client.readResource(uri)
}

async function getEachPrompt(client) {
  for (const { name } of await client.prompts()) await client.getPrompt(name)
}

async function echoSchema(client) {
  const tools = await client.tools()
  const { inputSchema } = tools.find(({ name }) => name === 'json_schema_2020_12_tool')
  await client.callTool('json_schema_echo', { schema: inputSchema })
}

/** Its files are read one by one, and no further than they are what the listing says. */
async function readFirstSkill(client) {
  const [skill] = await listSkills(client)
  const folder = skill.uri.slice(0, skill.uri.lastIndexOf('/') + 1)
  await readSkill(client, skill)
  for (const { uri } of skill.resources) await readSkill(client, skill, { file: uri.slice(folder.length) })
}
