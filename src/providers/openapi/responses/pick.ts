import { FastMCPError } from '../../../protocol/errors.ts'
import { isRecord } from '../../../protocol/json-rpc.ts'

/** What is kept at one place: all of it, or some members, where `*` stands for all of them or for all items of a list. */
export type Kept = true | ReadonlyMap<string, Kept>

const EVERY = '*'
const MOST_PATHS = 200
const DEEPEST = 20

/** Reads paths such as `items.*.name`; undefined where everything is kept. Throws `SETTING` for one that is none. */
export function readPick(paths: readonly string[] | undefined): Kept | undefined {
  if (paths === undefined) return undefined
  if (!Array.isArray(paths) || paths.length > MOST_PATHS) {
    throw new FastMCPError('SETTING', `pick is no list of at most ${MOST_PATHS} paths`)
  }
  const root: Growing = new Map()
  for (const path of paths) grow(root, stepsOf('pick', path))
  return everywhere(root)
}

/** The steps of a path. Throws `SETTING`. */
export function stepsOf(option: string, path: unknown): readonly string[] {
  const steps = typeof path === 'string' ? path.split('.') : []
  if (steps.length > 0 && steps.length <= DEEPEST && !steps.includes('')) return steps
  throw new FastMCPError('SETTING', `${option}: "${String(path).slice(0, 80)}" is no path; write it as items.*.name`)
}

/** What stands at a member; undefined: nothing of it is kept. */
export function keptAt(kept: Kept, name: string): Kept | undefined {
  if (kept === true) return true
  return kept.get(name) ?? kept.get(EVERY)
}

/** What is kept of the items of a list. */
export function keptOfItems(kept: Kept): Kept | undefined {
  return kept === true ? true : kept.get(EVERY)
}

/** What is kept of a value, in the shape that it has; undefined where nothing is. */
export function pickFrom(value: unknown, kept: Kept): unknown {
  if (kept === true) return value
  if (Array.isArray(value)) return pickItems(value, kept.get(EVERY))
  return isRecord(value) ? pickMembers(value, kept) : undefined
}

type Growing = Map<string, true | Growing>

function grow(root: Growing, steps: readonly string[]): void {
  let at = root
  for (const [index, step] of steps.entries()) {
    const known = at.get(step)
    if (known === true) return
    if (index === steps.length - 1) {
      at.set(step, true)
      return
    }
    const next: Growing = known ?? new Map()
    at.set(step, next)
    at = next
  }
}

/** What is kept of every member is kept of those, too, that are named beside it. */
function everywhere(kept: Kept): Kept {
  if (kept === true) return true
  const every = kept.get(EVERY)
  return new Map([...kept].map(([name, inner]) => [name, everywhere(every === undefined ? inner : both(inner, every))]))
}

function both(one: Kept, other: Kept): Kept {
  if (one === true || other === true) return true
  const names = new Set([...one.keys(), ...other.keys()])
  return new Map([...names].map((name) => [name, bothOf(one.get(name), other.get(name))]))
}

function bothOf(one: Kept | undefined, other: Kept | undefined): Kept {
  if (one === undefined || other === undefined) return one ?? other ?? true
  return both(one, other)
}

function pickItems(items: readonly unknown[], kept: Kept | undefined): unknown {
  if (kept === undefined) return undefined
  return items.map((item) => pickFrom(item, kept)).filter((item) => item !== undefined)
}

function pickMembers(value: Readonly<Record<string, unknown>>, kept: ReadonlyMap<string, Kept>): unknown {
  const picked: Record<string, unknown> = {}
  // Only names that the value has, and it has no `__proto__`.
  const names = kept.has(EVERY) ? Object.keys(value) : kept.keys()
  for (const name of names) {
    if (name === '__proto__' || !Object.hasOwn(value, name)) continue
    const inner = keptAt(kept, name)
    const found = inner === undefined ? undefined : pickFrom(value[name], inner)
    if (found !== undefined) picked[name] = found
  }
  return picked
}
