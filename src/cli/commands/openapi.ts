import { existsSync } from 'node:fs'
import { openapi } from '../../providers/openapi/index.ts'
import type { Run } from '../command.ts'
import { misuse } from '../failure.ts'
import { fileMissing } from '../missing-file.ts'
import { showJson } from '../show.ts'
import { showOpenApi } from '../show-openapi.ts'
import { valueOfFlag } from '../words.ts'

/** Tells what comes of an OpenAPI document. Fails where nothing does. */
export const run: Run = async (words, output) => {
  const [source, stray] = words.positionals
  if (source === undefined)
    throw misuse('There is no document', 'Give a file or an address: fastmcp openapi openapi.yaml')
  if (stray !== undefined) throw misuse(`Cannot tell what "${stray}" is for`, 'openapi takes a document alone.')
  if (!/^[a-z][a-z0-9+.-]*:\/\//i.test(source) && !existsSync(source)) throw fileMissing(source)
  const baseUrl = valueOfFlag(words, 'base-url')
  // What cannot be read is thrown, and told once.
  const provider = openapi(source, { onReport: ignore, onError: ignore, ...(baseUrl !== undefined && { baseUrl }) })
  const report = await provider.report()
  const all = words.flags.has('all')
  output.print(words.flags.has('json') ? showJson(report) : showOpenApi(report, { output, all }))
  return report.taken.length === 0 ? 1 : 0
}

function ignore(): void {}
