import { availableParallelism } from 'node:os'
import { fileURLToPath } from 'node:url'
import { checksOf, freshFolder, runSuite, selected } from './suite.mjs'
import { complaints } from './verdict.mjs'

const CLIENT = fileURLToPath(new URL('../../examples/everything-client/client.mjs', import.meta.url))
const COMMAND = `${process.execPath} ${CLIENT}`

/**
 * Runs the client through one leg of the official suite, each scenario by itself: only then does the suite
 * look at the exit code of the client. As many run at once as the machine has cores, for some measure time.
 */
export async function clientConformance(leg) {
  const folder = freshFolder(leg)
  const scenarios = [...(await selected('client', leg.select)), ...(leg.also ?? [])]
  const outcomes = []
  const waiting = [...scenarios.entries()]
  const work = async () => {
    for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) {
      const [index, scenario] = next
      outcomes[index] = { scenario, complaints: await judged(scenario, { leg, folder }) }
    }
  }
  await Promise.all(Array.from({ length: availableParallelism() }, work))
  return outcomes
}

async function judged(scenario, { leg, folder }) {
  const own = `${folder}/${scenario.replaceAll('/', '-')}`
  const args = ['client', '--command', COMMAND, '--scenario', scenario, '--spec-version', leg.revision, '--force']
  const { code, said } = await runSuite(args, own)
  const wrong = complaints(checksOf(scenario, own), { maySkip: leg.skips?.[scenario] })
  if (code === 0 || wrong.length > 0) return wrong
  return [`the client failed, the suite ends with ${code}:\n${said.slice(-1500)}`]
}
