import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, it, onTestFinished, vi } from 'vitest'
import { openerOf, openInBrowser } from './visit.ts'

it('is opened by a program of the system, and never through a shell', () => {
  expect(openerOf('darwin')).toEqual(['open'])
  expect(openerOf('linux')).toEqual(['xdg-open'])
  expect(openerOf('win32')).toEqual(['rundll32', 'url.dll,FileProtocolHandler'])
})

it.runIf(process.platform === 'linux')('reaches the program as one argument, whatever is in it', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'opener-'))
  const path = process.env.PATH
  onTestFinished(() => {
    process.env.PATH = path
    rmSync(folder, { recursive: true, force: true })
  })
  const program = join(folder, 'xdg-open')
  writeFileSync(
    program,
    `#!/bin/sh\nprintf '%s|' "$#" "$@" > "${folder}/seen.part"\nmv "${folder}/seen.part" "${folder}/seen"\n`,
  )
  chmodSync(program, 0o755)
  process.env.PATH = `${folder}:${path}`
  const href = 'https://x/$(calc);`id`&calc'
  await openInBrowser(href)
  await vi.waitFor(() => expect(readFileSync(join(folder, 'seen'), 'utf8')).toBe(`1|${href}|`), 5_000)
})

it('says when there is nothing to open it with', async () => {
  const path = process.env.PATH
  process.env.PATH = '/nowhere'
  onTestFinished(() => {
    process.env.PATH = path
  })
  await expect(openInBrowser('https://example.com/')).rejects.toThrow()
})
