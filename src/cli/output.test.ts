import { PassThrough } from 'node:stream'
import { describe, expect, it } from 'vitest'
import { takeOutput } from './output.ts'

function streams(env: Record<string, string> = {}, isTTY = false) {
  const stream = () => Object.assign(new PassThrough(), { isTTY, columns: 80 }) as unknown as NodeJS.WriteStream // the members in use
  const [stdout, stderr] = [stream(), stream()]
  const text = (from: NodeJS.WriteStream): string => String(from.read() ?? '')
  return { stdout, stderr, env, out: () => text(stdout), err: () => text(stderr) }
}

describe('standard output', () => {
  it('holds the answer alone: what others write goes to standard error', () => {
    const at = streams()
    const output = takeOutput(at)
    at.stdout.write('noise\n')
    output.print('answer')
    output.note('note')
    expect(at.out()).toBe('answer\n')
    expect(at.err()).toBe('noise\nnote\n')
  })

  it('is given back', () => {
    const at = streams()
    takeOutput(at).release()
    at.stdout.write('mine')
    expect(at.out()).toBe('mine')
  })
})

describe('colour', () => {
  it('is for terminals', () => {
    expect(takeOutput(streams({}, true)).paint('red', 'x')).toBe('\u001b[31mx\u001b[39m')
    expect(takeOutput(streams()).paint('red', 'x')).toBe('x')
  })

  it('is left out with NO_COLOR and on dumb terminals', () => {
    expect(takeOutput(streams({ NO_COLOR: '1' }, true)).tint('red', 'x')).toBe('x')
    expect(takeOutput(streams({ TERM: 'dumb' }, true)).paint('bold', 'x')).toBe('x')
    expect(takeOutput(streams({ NO_COLOR: '' }, true)).paint('bold', 'x')).not.toBe('x')
  })
})
