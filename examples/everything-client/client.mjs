#!/usr/bin/env node
/**
 * A client that does what a scenario of the official conformance suite prescribes. The suite puts the
 * scenario's name, the revision and what else the client must know into the environment.
 *
 *     MCP_CONFORMANCE_SCENARIO=tools_call node examples/everything-client/client.mjs http://localhost:8000/mcp
 */
import { providerFor } from './credentials.mjs'
import { actionsOf } from './scenarios.mjs'
import { signedIn } from './sign-in.mjs'

const url = process.argv.at(-1)
const scenario = process.env.MCP_CONFORMANCE_SCENARIO ?? ''
const context = JSON.parse(process.env.MCP_CONFORMANCE_CONTEXT ?? '{}')
const era = process.env.MCP_CONFORMANCE_PROTOCOL_VERSION === '2026-07-28' ? 'stateless' : 'stateful'

try {
  const actions = actionsOf(scenario, context)
  if (actions === undefined) throw new Error(`No actions are known for the scenario "${scenario}"`)
  const authProvider = scenario.startsWith('auth/') ? providerFor(scenario, context) : undefined
  await signedIn(url, { authProvider, era, actions })
} catch (problem) {
  console.error(problem)
  process.exitCode = 1
}
