import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describeEras } from '@fastmcp/ts/testing/vitest'
import { expect, it, onTestFinished } from 'vitest'
import { serveNotes } from '../../examples/guide/files.ts'

describeEras(
  'files below a folder',
  (open) => {
    it('are read, and no others', async () => {
      const place = await mkdtemp(join(tmpdir(), 'notes-'))
      onTestFinished(() => rm(place, { recursive: true }))
      await mkdir(join(place, 'notes/trips'), { recursive: true })
      await writeFile(join(place, 'notes/trips/rome.md'), '# Rome')
      await writeFile(join(place, 'secret.md'), 'secret')
      await symlink(join(place, 'secret.md'), join(place, 'notes/out.md'))
      const client = await open(serveNotes(join(place, 'notes')))
      expect((await client.readResource('notes://trips/rome.md')).text).toBe('# Rome')
      for (const path of ['none.md', 'out.md', '../secret.md', '%2e%2e/secret.md']) {
        const problem = await client.readResource(`notes://${path}`).catch((error: Error) => error.message)
        expect(problem).toMatch(/There is no (?:none|out)\.md|Resource not found/)
      }
    })
  },
  { transports: ['memory'] },
)
