/** Whatever takes reports of how far work is. */
export interface Reporting {
  progress(done: number, total?: number, message?: string): void
}

/** A part of the work that reports as if it were the whole. */
export interface Phase extends Reporting {
  /** How far this part is, of `total`; left out, `done` is itself a fraction. */
  progress(done: number, total?: number, message?: string): void
  /** A part of this part; `from` and `to` are fractions of it. */
  phase(from: number, to: number): Phase
}

/** The part of `whole` from one fraction of it to another. Reports come out as percents of the whole. */
export function phaseOf(whole: Reporting, from: number, to: number): Phase {
  const at = (fraction: number): number => from + (to - from) * fraction
  return {
    progress(done, total = 1, message) {
      const fraction = total > 0 ? Math.min(Math.max(done / total, 0), 1) : 0
      // Rounded to what a reader can tell apart, so that sums of fractions look like what they mean.
      whole.progress(Math.round(at(fraction) * 100_000) / 1000, 100, message)
    },
    phase: (inner, outer) => phaseOf(whole, at(inner), at(outer)),
  }
}
