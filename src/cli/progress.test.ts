import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { progressLine } from './progress.ts'

beforeEach(() => void vi.useFakeTimers())
afterEach(() => void vi.useRealTimers())

/** A stream, and what is on its screen line by line. */
function stream(shape: { readonly isTTY?: boolean; readonly columns?: number }) {
  const written: string[] = []
  return {
    ...shape,
    written,
    write: (text: string) => void written.push(text),
    screen: () =>
      written
        .join('')
        .split('\n')
        .map((line) => line.split('\r\u001b[K').at(-1)),
  }
}

describe('progress on a terminal', () => {
  it('is one line that is written over', () => {
    const terminal = stream({ isTTY: true })
    const line = progressLine(terminal)
    line.tell({ progress: 1, total: 3 })
    line.tell({ progress: 2, total: 3, message: 'two\nlines\u001b[2J' })
    expect(terminal.screen()).toEqual(['2/3 two lines\\u001b[2J'])
    line.clear()
    expect(terminal.screen()).toEqual([''])
  })

  it('spins where nobody knows the end, until it is known or over', () => {
    const terminal = stream({ isTTY: true })
    const line = progressLine(terminal)
    line.tell({ progress: 4, message: 'Reading' })
    const seen = [0, 1, 2, 3, 4].map(() => {
      const [shown] = terminal.screen()
      vi.advanceTimersByTime(100)
      return shown
    })
    expect(seen).toEqual(['| 4 Reading', '/ 4 Reading', '- 4 Reading', '\\ 4 Reading', '| 4 Reading'])
    line.tell({ progress: 5, total: 9 })
    expect(vi.getTimerCount()).toBe(0)
    expect(terminal.screen()).toEqual(['5/9'])
    line.tell({ progress: 6, total: 0 })
    line.clear()
    expect(vi.getTimerCount()).toBe(0)
    expect(terminal.screen()).toEqual([''])
  })

  it('stays away while something else is written, and comes back as it is by then', () => {
    const terminal = stream({ isTTY: true })
    const line = progressLine(terminal)
    line.hide()
    line.tell({ progress: 1, message: 'Reading' })
    vi.advanceTimersByTime(500)
    expect(terminal.written).toEqual([])
    line.show()
    expect(terminal.screen()[0]).toContain('1 Reading')
    line.hide()
    terminal.write('a note\n')
    line.show()
    expect(terminal.screen()).toEqual(['a note', expect.stringContaining('1 Reading')])
  })

  it('never wraps', () => {
    const terminal = stream({ isTTY: true, columns: 10 })
    progressLine(terminal).tell({ progress: 1, total: 2, message: 'a long way to go' })
    expect(terminal.screen()).toEqual(['1/2 a lon'])
  })
})

describe('progress elsewhere', () => {
  it('is a line for each report', () => {
    const file = stream({})
    const line = progressLine(file)
    line.tell({ progress: 1, message: 'Reading' })
    line.hide()
    line.show()
    line.tell({ progress: 2, total: 2 })
    line.clear()
    expect(file.written).toEqual(['1 Reading\n', '2/2\n'])
    expect(vi.getTimerCount()).toBe(0)
  })
})
