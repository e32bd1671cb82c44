/** The check that the suite adds to every scenario: it looks at the wire, not at what was asked. */
const WIRE = 'wire-schema-valid'

const BAD = ['FAILURE', 'WARNING']

/**
 * Judges one scenario from its checks, undefined when it wrote none. Stricter than the exit code of
 * the suite: a warning, a skip and a scenario that asserted nothing fail as well. `maySkip` is true for a
 * scenario that can do no more than skip, or matches what the checks say that may be skipped.
 *
 * @returns {string[]} what is wrong; empty when it passed
 */
export function complaints(checks, { maySkip = false } = {}) {
  if (checks === undefined) return ['crashed: it left no checks']
  const wrong = checks
    .filter(({ status, ...said }) => BAD.includes(status) || (status === 'SKIPPED' && !isFree(said, maySkip)))
    .map(({ id, status, errorMessage, description }) => `${status} ${id}: ${errorMessage ?? description}`)
  const asserted = checks.some(({ id, status }) => status === 'SUCCESS' && id !== WIRE)
  if (asserted || wrong.length > 0 || maySkip === true) return wrong
  return ['empty: it checked nothing']
}

function isFree({ errorMessage, description }, maySkip) {
  return maySkip === true || (maySkip !== false && maySkip.test(errorMessage ?? description))
}

/**
 * Sets the outcomes of a leg against its expected failures.
 *
 * @param outcomes `{ scenario, complaints }` for each scenario of the leg
 * @param expected scenarios that may fail; one that passes, or is not in the leg, is stale
 */
export function compare(outcomes, expected) {
  const ran = new Map(outcomes.map((outcome) => [outcome.scenario, outcome]))
  const passes = ({ complaints }) => complaints.length === 0
  return {
    passed: outcomes.filter((outcome) => passes(outcome) && !expected.includes(outcome.scenario)),
    failed: outcomes.filter((outcome) => !passes(outcome) && !expected.includes(outcome.scenario)),
    awaited: outcomes.filter((outcome) => !passes(outcome) && expected.includes(outcome.scenario)),
    stale: expected.filter((scenario) => {
      const outcome = ran.get(scenario)
      return outcome === undefined || passes(outcome)
    }),
  }
}
