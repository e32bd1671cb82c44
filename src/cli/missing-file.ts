import { readdirSync, statSync } from 'node:fs'
import { basename, dirname, join, resolve } from 'node:path'
import { Failure } from './failure.ts'
import { nearest } from './nearest.ts'

/** Says that there is no such file, and which one may be meant. */
export function fileMissing(file: string): Failure {
  const path = resolve(file)
  if (kindOf(path) === 'directory')
    return new Failure(`${file} is a directory`, 'Give the file that exports the server.')
  const folder = dirname(path)
  if (kindOf(folder) !== 'directory') {
    return new Failure(
      `There is no file ${file}`,
      `There is no directory ${dirname(file)} either. You are in ${process.cwd()}.`,
    )
  }
  const near = nearest(basename(path), readdirSync(folder))
  const hint = near === undefined ? `You are in ${process.cwd()}.` : `Did you mean ${join(dirname(file), near)}?`
  return new Failure(`There is no file ${file}`, hint)
}

function kindOf(path: string): 'file' | 'directory' | undefined {
  const found = statSync(path, { throwIfNoEntry: false })
  if (found === undefined) return undefined
  return found.isDirectory() ? 'directory' : 'file'
}
