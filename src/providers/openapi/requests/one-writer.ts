import { type Arguments, argumentOf } from './arguments.ts'
import { refusalOf } from './unsendable.ts'

/** One parameter with the argument that gives it. */
export interface OneWriter {
  readonly argument: string
  readonly write: (value: unknown) => string | undefined
}

/** Writes one parameter. Throws `ToolError` that names its argument. */
export function writeOne({ argument, write }: OneWriter, args: Arguments): string | undefined {
  const value = argumentOf(args, argument)
  if (value === undefined) return undefined
  try {
    return write(value)
  } catch (problem) {
    throw refusalOf(problem, argument)
  }
}
