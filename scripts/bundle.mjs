// Joins the compiled files behind the doors: a door then loads a few files and not a few hundred, which is
// most of the time that an import takes. What several doors need is in files that they share, so that there
// is one of everything. `.modules.json` says which source files are in which of them.
import { mkdirSync, readFileSync, realpathSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join, relative } from 'node:path'
import { fileURLToPath } from 'node:url'
import { rolldown } from 'rolldown'

/** Packages that go into the files themselves, so that users need not install them; none of them changes anything global. */
const INSIDE = ['@scalar/openapi-upgrader']

const root = fileURLToPath(new URL('..', import.meta.url))

/** The files behind the doors of the package, and the one behind its command, without their ending. */
const doors = () => {
  const { exports, bin } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'))
  const files = [...Object.values(exports).map((door) => door.default), ...Object.values(bin)]
  return files.filter((file) => file !== undefined).map((file) => /^\.\/dist\/(.+)\.js$/.exec(file)[1])
}

/** Joins the files in a folder; those that have been joined are gone afterwards. */
export async function bundle(given) {
  // As the bundler names files, wherever links lead.
  const folder = realpathSync(given)
  const bundler = await rolldown({
    input: Object.fromEntries(doors().map((door) => [door, join(folder, `${door}.js`)])),
    cwd: folder,
    platform: 'neutral',
    external: (id) => !id.startsWith('.') && !id.startsWith('/') && !INSIDE.includes(id),
    // Every file is here because something needs it.
    treeshake: false,
  })
  const { output } = await bundler.generate({ format: 'esm', chunkFileNames: 'parts/[hash].js' })
  await bundler.close()
  for (const { moduleIds } of output) for (const id of moduleIds) if (id.startsWith(folder)) rmSync(id, { force: true })
  const parts = {}
  for (const { fileName, code, moduleIds } of output) {
    mkdirSync(dirname(join(folder, fileName)), { recursive: true })
    writeFileSync(join(folder, fileName), code)
    parts[fileName] = moduleIds.filter((id) => id.startsWith(folder)).map((id) => relative(folder, id))
  }
  writeFileSync(join(folder, '.modules.json'), JSON.stringify(parts))
  writeFileSync(join(folder, 'THIRD_PARTY_NOTICES.md'), notices())
}

/** What the licenses of the packages inside want to be told. */
function notices() {
  const one = (name) => {
    const home = join(root, 'node_modules', name)
    const { version } = JSON.parse(readFileSync(join(home, 'package.json'), 'utf8'))
    return `## ${name} ${version}\n\n${readFileSync(join(home, 'LICENSE'), 'utf8').trim()}\n`
  }
  return `# Inside these files\n\n${INSIDE.map(one).join('\n')}`
}
