import { execFile } from 'node:child_process'
import { cpSync, mkdirSync, readdirSync, readFileSync } from 'node:fs'
import { basename, join } from 'node:path'
import { promisify } from 'node:util'

/** One step of a Dockerfile: its keyword, its `--flags`, and the rest. */
export interface Instruction {
  readonly keyword: string
  readonly flags: Readonly<Record<string, string>>
  readonly rest: string
}

/** One `FROM` and what follows it. */
export interface Stage {
  readonly image: string
  readonly name: string
  readonly steps: readonly Instruction[]
}

/** What a stage has become: a folder in place of a file system, and the settings of the image. */
export interface Built {
  /** The folder that stands for `/`. */
  readonly root: string
  /** Where its commands run, inside `root`. */
  readonly workdir: string
  readonly env: Readonly<Record<string, string>>
}

/** Reads the stages of a Dockerfile, as far as ours goes: no `ARG`, no heredocs. */
export function readDockerfile(text: string): readonly Stage[] {
  const stages: { image: string; name: string; steps: Instruction[] }[] = []
  const lines = text
    .replace(/^\s*#.*$/gm, '')
    .replace(/\\\n/g, ' ')
    .split('\n')
  for (const line of lines.map((each) => each.trim()).filter((each) => each !== '')) {
    const { keyword, flags, rest } = readInstruction(line)
    const [image = '', , name = `${stages.length}`] = rest.split(/\s+/)
    if (keyword === 'FROM') stages.push({ image, name, steps: [] })
    else stages.at(-1)?.steps.push({ keyword, flags, rest })
  }
  return stages
}

function readInstruction(line: string): Instruction {
  const [, keyword = '', tail = ''] = /^(\w+)\s+(.*)$/s.exec(line) ?? []
  const [, given = '', rest = ''] = /^((?:--\S+\s+)*)(.*)$/s.exec(tail) ?? []
  const flags = [...given.matchAll(/--([\w-]+)=(\S+)/g)].map(([, name = '', value = '']) => [name, value])
  return { keyword: keyword.toUpperCase(), flags: Object.fromEntries(flags), rest: rest.trim() }
}

/** What there is for building. */
export interface Site {
  /** The folder that is sent to the builder. */
  readonly context: string
  /** Where stages are put, one folder each. */
  readonly into: string
  /** Runs before the first step in the working directory of a stage: what a builder has that no Dockerfile names. */
  readonly prepare: (workdir: string) => void
  /** For commands, besides what the Dockerfile sets. */
  readonly env: Readonly<Record<string, string>>
}

/** Does what the Dockerfile of a context says, on this machine and in folders of its own. The last stage is the image. */
export async function build({ context, into, prepare, env }: Site): Promise<Built> {
  const built = new Map<string, Built>()
  let last: Built | undefined
  for (const { name, steps } of readDockerfile(readFileSync(join(context, 'Dockerfile'), 'utf8'))) {
    const stage = { root: join(into, name), workdir: join(into, name), env: {} as Record<string, string> }
    mkdirSync(stage.root, { recursive: true })
    for (const { keyword, flags, rest } of steps) {
      if (keyword === 'WORKDIR') {
        stage.workdir = join(stage.root, rest)
        mkdirSync(stage.workdir, { recursive: true })
        prepare(stage.workdir)
      }
      if (keyword === 'ENV') Object.assign(stage.env, settings(rest))
      if (keyword === 'COPY') copy(rest, stage, sourceOf(flags.from, { context, built }))
      if (keyword === 'RUN') await run(rest, { ...stage, env: { ...env, ...stage.env } })
    }
    built.set(name, stage)
    last = stage
  }
  if (last === undefined) throw new Error('The Dockerfile has no FROM')
  return last
}

interface Source {
  readonly root: string
  readonly ignored: RegExp
}

function sourceOf(from: string | undefined, site: { context: string; built: ReadonlyMap<string, Built> }): Source {
  if (from === undefined) return { root: site.context, ignored: readIgnored(site.context) }
  const stage = site.built.get(from)
  if (stage === undefined) throw new Error(`There is no stage ${from}`)
  return { root: stage.root, ignored: /^$/ }
}

/** Names at the top of the context, with `*`. */
function readIgnored(context: string): RegExp {
  const names = readFileSync(join(context, '.dockerignore'), 'utf8')
    .split('\n')
    .filter((line) => line !== '')
  const patterns = names.map((name) => name.replace(/[.+^${}()|[\]\\/]/g, '\\$&').replace(/\*/g, '[^/]*'))
  return new RegExp(`^(?:${patterns.join('|')})$`)
}

function copy(rest: string, { workdir }: Built, { root, ignored }: Source): void {
  const words = rest.split(/\s+/)
  const to = join(workdir, words.at(-1) ?? '')
  for (const path of words.slice(0, -1)) {
    const from = join(root, path)
    if (ignored.test(basename(path))) throw new Error(`${path} is ignored, so it cannot be copied`)
    // As docker does it: of a folder the contents are copied, of a file the file.
    const isFolder = isDirectory(root, path)
    cpSync(from, isFolder ? to : join(to, basename(path)), { recursive: true, verbatimSymlinks: true })
  }
}

function isDirectory(root: string, path: string): boolean {
  const folder = join(root, path, '..')
  return readdirSync(folder, { withFileTypes: true }).some(
    (entry) => entry.name === basename(path) && entry.isDirectory(),
  )
}

async function run(command: string, { workdir, env }: Built): Promise<void> {
  await promisify(execFile)('sh', ['-c', command], { cwd: workdir, env: { ...process.env, NODE_ENV: '', ...env } })
}

function settings(rest: string): Record<string, string> {
  return Object.fromEntries(rest.split(/\s+/).map((word) => word.split('=')))
}
