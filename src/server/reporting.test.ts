import { afterEach, describe, expect, it, vi } from 'vitest'
import { createReporting } from './reporting.ts'

const problem = new Error('own')
const stderr = vi.spyOn(console, 'error').mockImplementation(() => undefined)
// Here somebody reads it, however far whoever runs the tests lags behind.
const waiting = vi.spyOn(process.stderr, 'writableLength', 'get').mockReturnValue(0)
afterEach(() => void stderr.mockClear())

describe('telling operators', () => {
  it('goes to standard error where nobody else wants to know', () => {
    const reporting = createReporting(undefined)
    reporting.report(problem, { during: 'a test' })
    expect(stderr.mock.calls.join()).toContain('{"during":"a test"}')
    expect(reporting.figures).toEqual({ reported: 1, dropped: 0, unhandledRejections: 0 })
  })

  it.each([
    [
      'throws',
      () => {
        throw new Error('disk full')
      },
    ],
    ['rejects', () => Promise.reject(new Error('disk full'))],
  ])('loses reports and nothing else where a sink %s, and says so once', async (_how, sink) => {
    const reporting = createReporting(sink)
    for (let i = 0; i < 3; i++) reporting.report(problem, {})
    await new Promise((resolve) => setTimeout(resolve))
    expect(reporting.figures).toMatchObject({ reported: 3, dropped: 3 })
    expect(stderr).toHaveBeenCalledTimes(1)
    expect(stderr.mock.calls.join()).toContain('onError failed')
  })

  it('does not pile up what a slow sink has not taken', async () => {
    const taken: (() => void)[] = []
    const reporting = createReporting(() => new Promise<void>((resolve) => taken.push(resolve)))
    for (let i = 0; i < 1_500; i++) reporting.report(problem, {})
    expect([taken.length, reporting.figures.dropped]).toEqual([1_000, 500])
    for (const done of taken) done()
    await new Promise((resolve) => setTimeout(resolve))
    reporting.report(problem, {})
    expect([taken.length, reporting.figures.dropped]).toEqual([1_001, 500])
  })

  it('does not pile up what nobody reads of standard error', () => {
    waiting.mockReturnValue(2 * 1024 * 1024)
    const reporting = createReporting(undefined)
    reporting.report(problem, {})
    waiting.mockReturnValue(0)
    expect(stderr).not.toHaveBeenCalled()
    expect(reporting.figures).toMatchObject({ reported: 1, dropped: 1 })
    reporting.report(problem, {})
    expect(stderr).toHaveBeenCalledTimes(1)
  })
})
