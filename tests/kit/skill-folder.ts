import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { onTestFinished } from 'vitest'

/** A folder for one test, with files by path. */
export async function folderOf(files: Readonly<Record<string, string | Uint8Array>>): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'skills-'))
  onTestFinished(() => rm(folder, { recursive: true, force: true }))
  for (const [path, contents] of Object.entries(files)) await put(folder, path, contents)
  return folder
}

/** Writes a file, and the folders that it is in. */
export async function put(folder: string, path: string, contents: string | Uint8Array): Promise<void> {
  await mkdir(dirname(join(folder, path)), { recursive: true })
  await writeFile(join(folder, path), contents)
}

/** A `SKILL.md`. */
export function manifest(name: string, { more = '', body = `# ${name}\n` } = {}): string {
  return `---\nname: ${name}\ndescription: What ${name} is for\n${more}---\n\n${body}`
}

/** Three skills, one of them inside another, with all that a folder may hold. */
export const LIBRARY: Readonly<Record<string, string | Uint8Array>> = {
  'README.md': 'No skill',
  'git-workflow/SKILL.md': manifest('git-workflow', { more: 'license: Apache-2.0\nmetadata:\n  version: "2.1"\n' }),
  'acme/billing/refunds/SKILL.md': manifest('refunds'),
  'acme/billing/refunds/examples/e mail+1.md': 'Dear customer',
  'acme/billing/refunds/examples/deep/eu.csv': 'a,b\n',
  'acme/billing/refunds/logo.png': Uint8Array.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a, 0, 255]),
  'acme/billing/refunds/.secret': 'password=hunter2',
  'acme/billing/refunds/.git/config': 'password=hunter2',
  'acme/billing/refunds/partial/SKILL.md': manifest('partial'),
}
