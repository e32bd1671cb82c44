import type { Run } from '../command.ts'
import { misuse } from '../failure.ts'
import { inspectServer } from '../inspection.ts'
import { openClient } from '../open-client.ts'
import { showJson } from '../show.ts'
import { showInspection } from '../show-inspection.ts'

/** Shows all that a server says of itself, and what is wrong with its definitions. */
export const run: Run = async (words, output) => {
  await using opened = await openClient(words)
  const { client, words: extra } = opened
  if (extra[0] !== undefined) throw misuse(`Cannot tell what "${extra[0]}" is for`, 'inspect takes a target alone.')
  const inspection = await inspectServer(client)
  output.print(words.flags.has('json') ? showJson(inspection) : showInspection(inspection, output.paint))
  return 0
}
