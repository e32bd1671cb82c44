import type { Writable } from 'node:stream'
import type { Stop } from '../../engine/application.ts'
import { divertChildren } from './children.ts'

/** Standard output, held for messages alone. */
export interface HeldStdout {
  /** The real write. */
  readonly write: (text: string) => boolean
  /** Gives the output back to everybody. */
  readonly release: Stop
}

/**
 * Takes standard output away from everything but messages: one stray `console.log` would break the
 * client's parser. What others write, child processes too, goes to the error stream after one warning.
 */
export function holdStdout(warn: () => void): HeldStdout {
  const { stdout, stderr } = process
  const original = stdout.write
  let isWarned = false
  const divert: Writable['write'] = (...args: unknown[]) => {
    if (!isWarned) {
      isWarned = true
      warn()
    }
    return Reflect.apply(stderr.write, stderr, args)
  }
  const giveBackChildren = divertChildren()
  stdout.write = divert
  return {
    write: (text) => Reflect.apply(original, stdout, [text]),
    release() {
      if (stdout.write === divert) stdout.write = original
      giveBackChildren()
    },
  }
}
