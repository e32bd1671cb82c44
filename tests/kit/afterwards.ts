const works: (() => unknown)[] = []

/**
 * Does something after the tests of the file that runs now. Files share their modules: a hook of the test runner that a
 * module sets while it is loaded would count for the first file alone.
 */
export function afterwards(work: () => unknown): void {
  works.push(work)
}

/** Does all of it, the last first; whatever fails, the others are done. */
export async function finishFile(): Promise<void> {
  const outcomes = await Promise.allSettled(
    works
      .splice(0)
      .reverse()
      .map(async (work) => work()),
  )
  for (const outcome of outcomes) if (outcome.status === 'rejected') throw outcome.reason
}
