/** What an operation is called with. */
export type Arguments = Readonly<Record<string, unknown>>

/** One of the arguments; undefined where it is not given. */
export function argumentOf(args: Arguments, name: string): unknown {
  return Object.hasOwn(args, name) ? args[name] : undefined
}
