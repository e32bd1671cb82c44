// Keeps the code in the pages true: each block of code is a region of a file that compiles and runs.
//   node scripts/snippets.mjs            tells what differs, and ends with 1 if anything does
//   node scripts/snippets.mjs --write    puts the text of the regions into the pages
//
// In a page:                                   In examples/guide/tools.ts:
//   <!-- examples/guide/tools.ts#forecast -->    // #region forecast
//   ```ts                                        mcp.tool('forecast', …)
//   …                                            // #endregion
//   ```
// Without `#region` the whole file is shown. Regions of one name are shown one after the other.
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join, relative } from 'node:path'
import { fileURLToPath } from 'node:url'

/** What may stand in a page without a file: commands, data and what a program prints. */
const FREE = new Set(['sh', 'json', 'text'])
const SOURCE = /^<!-- (?<path>examples\/[\w./-]+)(?:#(?<region>[\w-]+))? -->$/
const FENCE = /^(?<indent>\s*)(?<ticks>`{3,}|~{3,})(?<language>\S*)$/
const BEGIN = /^\s*(?:\/\/|#) #region (?<name>[\w-]+)$/
const END = /^\s*(?:\/\/|#) #endregion$/

const args = process.argv.slice(2)
const write = args.includes('--write')
const root = args.find((word) => !word.startsWith('--')) ?? fileURLToPath(new URL('..', import.meta.url))

/** The pages that are held to it. */
function pages() {
  const docs = readdirSync(join(root, 'docs'), { recursive: true }).map((name) => join(root, 'docs', name))
  return [join(root, 'README.md'), ...docs].filter((page) => page.endsWith('.md') && existsSync(page)).sort()
}

/** The lines of a file, or of its regions of one name, moved to the left, and whether any were. Throws what is wrong. */
function linesOf(path, region) {
  const file = join(root, path)
  if (!existsSync(file)) throw new Error(`there is no file ${path}`)
  const found = []
  let name
  let part = []
  let isMoved = false
  for (const line of readFileSync(file, 'utf8').split('\n')) {
    const begun = BEGIN.exec(line)?.groups.name
    if (begun !== undefined && name !== undefined) throw new Error(`${path} begins ${begun} inside ${name}`)
    if (begun !== undefined) name = begun
    else if (END.test(line)) {
      if (name === undefined) throw new Error(`${path} ends a region that has not begun`)
      if (name === region) {
        found.push(...toTheLeft(part))
        isMoved ||= depthOf(part) > 0
      }
      name = undefined
      part = []
    } else if (name !== undefined) part.push(line)
    if (region === undefined && begun === undefined && !END.test(line)) found.push(line)
  }
  if (name !== undefined) throw new Error(`${path} does not end ${name}`)
  const text = found.join('\n').replace(/^\n+|\n+$/g, '')
  if (text === '') throw new Error(region === undefined ? `${path} is empty` : `${path} has no region ${region}`)
  return { lines: text.split('\n'), isMoved }
}

function toTheLeft(lines) {
  const depth = depthOf(lines)
  return lines.map((line) => line.slice(depth))
}

const depthOf = (lines) => Math.min(...lines.filter((line) => line.trim() !== '').map((line) => line.search(/\S/)))

/** What was moved to the left, the formatter may have put on fewer lines. */
const laidOut = (lines) =>
  lines
    .join('')
    .replace(/\s+/g, '')
    .replace(/,(?=[)\]}])/g, '')

/** What a page should be, and what is wrong with it. */
function held(page) {
  const lines = readFileSync(page, 'utf8').split('\n')
  const name = relative(root, page)
  const [text, problems] = [[], []]
  for (let index = 0; index < lines.length; index++) {
    text.push(lines[index])
    const fence = FENCE.exec(lines[index])?.groups
    if (fence === undefined) continue
    const end = lines.findIndex((line, at) => at > index && line.trimStart() === fence.ticks)
    const where = `${name}:${index + 1}`
    if (end < 0) return { text: lines, problems: [...problems, `${where}: the block does not end`] }
    const shown = lines.slice(index + 1, end)
    const { right, problem } = judged({ fence, shown, above: lines[index - 1] ?? '' })
    if (problem !== undefined) problems.push(`${where}: ${problem}`)
    text.push(...right, lines[end])
    index = end
  }
  return { text, problems }
}

/** What a block should show, and what is wrong with what it shows. */
function judged({ fence, shown, above }) {
  const source = SOURCE.exec(above)?.groups
  if (source === undefined) return { right: shown, problem: problemOfFree(fence.language, shown) }
  try {
    if (fence.indent !== '') throw new Error('the block is indented')
    const { lines, isMoved } = linesOf(source.path, source.region)
    const isSame = isMoved ? laidOut(lines) === laidOut(shown) : lines.join('\n') === shown.join('\n')
    const file = `${source.path}${source.region === undefined ? '' : `#${source.region}`}`
    return {
      right: isSame ? shown : lines,
      problem: !isSame && !write ? `differs from ${file}; run node scripts/snippets.mjs --write` : undefined,
    }
  } catch (problem) {
    return { right: shown, problem: problem.message }
  }
}

function problemOfFree(language, shown) {
  if (!FREE.has(language)) return `a block of "${language}" needs the file that it comes from in the line above`
  if (language !== 'json') return undefined
  try {
    JSON.parse(shown.join('\n'))
    return undefined
  } catch (problem) {
    return `is no JSON: ${problem.message}`
  }
}

let failed = false
for (const page of pages()) {
  const { text, problems } = held(page)
  for (const problem of problems) console.log(problem)
  failed ||= problems.length > 0
  const whole = text.join('\n')
  if (write && whole !== readFileSync(page, 'utf8')) writeFileSync(page, whole)
}
process.exitCode = failed ? 1 : 0
