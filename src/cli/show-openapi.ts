import type { OpenApiReport } from '../providers/openapi/index.ts'
import type { Output } from './output.ts'
import { columns, indent, printable } from './table.ts'

/** How a report is shown. */
export interface Showing {
  readonly output: Pick<Output, 'paint' | 'width'>
  /** Whether every operation is, and not only those that something is to be said of. */
  readonly all: boolean
}

/** More lines of one kind are shown only where everything is. */
const MOST_LINES = 20

/** What came of an OpenAPI document, for people: figures first, then what is to be known of single operations. */
export function showOpenApi(report: OpenApiReport, { output: { paint, width }, all }: Showing): string {
  const { taken, skipped, missingCredentials, advice } = report
  const fold = all ? (rows: Rows): Rows => rows : folded
  const part = (title: string, rows: Rows, count = rows.length): string[] => {
    if (rows.length === 0) return []
    const shown = all ? rows : rows.slice(0, MOST_LINES)
    const more = rows.length > shown.length ? [`… and ${rows.length - shown.length} more; --all shows them`] : []
    return ['', paint('bold', `${title} (${count})`), indent([...columns(shown, width - 2), ...more].join('\n'))]
  }
  const renamed = taken.filter(({ renamedFrom }) => renamedFrom !== undefined)
  const noted = taken.filter(({ notes }) => notes.length > 0)
  return [
    paint('bold', printable([report.title, report.version].join(' ').trim() || 'An API without a name')),
    indent(figures(report)),
    ...part('Operations', all ? taken.map((route) => [route.id, route.method, route.path]) : []),
    ...part(
      'Renamed',
      renamed.map(({ id, renamedFrom = '', method, path }) => [id, `instead of ${renamedFrom}`, `${method} ${path}`]),
    ),
    ...part('Left out', fold(skipped.map(({ method, path, reason }) => [method, path, reason])), skipped.length),
    ...part(
      'Notes',
      withoutRepeats(fold(noted.flatMap(({ id, notes }) => notes.map((note) => [id, note])))),
      noted.length,
    ),
    ...part(
      'Without credentials',
      missingCredentials.map((name) => [name]),
    ),
    ...paragraph([...advice.map((line) => printable(`${line}.`)), ...skippedHint(skipped)]),
  ].join('\n')
}

function paragraph(lines: readonly string[]): string[] {
  return lines.length > 0 ? ['', ...lines] : []
}

/** Reasons are in the words of the options. */
function skippedHint(skipped: OpenApiReport['skipped']): string[] {
  const isNeeded = skipped.some(({ reason }) => reason.endsWith('give `baseUrl`'))
  return isNeeded ? ['Here `baseUrl` is --base-url <url>; that address is not called.'] : []
}

type Rows = readonly (readonly string[])[]

/** Most lines that end alike. */
const MOST_ALIKE = 3

/** What many lines end with is told of the first of them, and of the others how many there are. */
function folded(rows: Rows): Rows {
  const endOf = (row: readonly string[]): string => row.at(-1) ?? ''
  const left = new Map<string, number>()
  for (const row of rows) left.set(endOf(row), (left.get(endOf(row)) ?? 0) + 1)
  const seen = new Map<string, number>()
  return rows.flatMap((row) => {
    const end = endOf(row)
    const count = (seen.get(end) ?? 0) + 1
    const more = (left.get(end) ?? 0) - count
    seen.set(end, count)
    if (count > MOST_ALIKE) return []
    return count < MOST_ALIKE || more === 0 ? [row] : [row, [...row.slice(2).map(() => '…'), `and ${more} more`, end]]
  })
}

/** The first cell only where it is another than in the line before. */
function withoutRepeats(rows: Rows): Rows {
  return rows.map(([first = '', ...rest], index) => [first === rows[index - 1]?.[0] ? '' : first, ...rest])
}

function figures({ taken, skipped, tokens }: OpenApiReport): string {
  const tools = taken.length === 1 ? '1 operation' : `${taken.length} operations`
  const left = skipped.length === 0 ? '' : `, ${skipped.length} left out`
  return `${tools}${left}, about ${tokens} tokens for a model`
}
