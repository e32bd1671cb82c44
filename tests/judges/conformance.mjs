import { checksOf, freshFolder, runSuite, selected } from './suite.mjs'
import { complaints } from './verdict.mjs'

/** Runs one leg of the official suite against the server and judges every scenario of it by the checks that it wrote. */
export async function conformance(leg, { url }) {
  const folder = freshFolder(leg)
  const scenarios = leg.scenarios ?? (await selected('server', leg.select))
  for (const select of selections(leg)) await runSuite(['server', '--url', url, ...select], folder)
  return scenarios.map((scenario) => ({
    scenario,
    complaints: complaints(checksOf(scenario, folder), { maySkip: leg.skips?.[scenario] }),
  }))
}

/** Scenarios that are in no set are run one by one. */
function selections({ select, scenarios, revision }) {
  if (scenarios === undefined) return [select]
  return scenarios.map((scenario) => ['--scenario', scenario, '--spec-version', revision, '--force'])
}
