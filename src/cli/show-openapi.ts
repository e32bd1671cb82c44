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
  const part = (title: string, rows: readonly (readonly string[])[], count = rows.length): string[] => {
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
    ...part(
      'Left out',
      skipped.map(({ method, path, reason }) => [method, path, reason]),
    ),
    ...part(
      'Notes',
      noted.flatMap(({ id, notes }) => notes.map((note, index) => [index === 0 ? id : '', note])),
      noted.length,
    ),
    ...part(
      'Without credentials',
      missingCredentials.map((name) => [name]),
    ),
    ...(advice.length > 0 ? ['', ...advice.map((line) => printable(`${line}.`))] : []),
  ].join('\n')
}

function figures({ taken, skipped, tokens }: OpenApiReport): string {
  const tools = taken.length === 1 ? '1 operation' : `${taken.length} operations`
  const left = skipped.length === 0 ? '' : `, ${skipped.length} left out`
  return `${tools}${left}, about ${tokens} tokens for a model`
}
