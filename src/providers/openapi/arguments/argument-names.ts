import { cutName, safeName, UniqueNames } from '../names/safe-name.ts'
import type { Parameter } from '../routes/route.ts'

/** The names of all arguments of an operation. */
export interface ArgumentNames {
  /** Each parameter by its argument. */
  readonly parameters: ReadonlyMap<string, Parameter>
  /** Each property of the body, or the body, by its argument. */
  readonly properties: ReadonlyMap<string, string>
}

/**
 * Names the arguments: a property of the body as it is, a parameter as it is, or with its place (`id__path`) where another
 * argument has its name. What no model can send is written in letters that it can.
 */
export function nameArguments(parameters: readonly Parameter[], properties: readonly string[]): ArgumentNames {
  const ofBody = new Set(properties)
  const count = new Map<string, number>()
  for (const { name } of parameters) count.set(name, (count.get(name) ?? 0) + 1)
  const wanted = parameters.map((parameter) => {
    const { name } = parameter
    const isShared = ofBody.has(name) || (count.get(name) ?? 0) > 1
    return { name: isShared ? placedName(parameter) : name, parameter }
  })
  // Names that can stay as they are come first, so that no other takes them.
  const unique = new UniqueNames()
  const given = new Map<object | string, string>()
  const entries: readonly (readonly [object | string, string])[] = [
    ...properties.map((name) => [name, name] as const),
    ...wanted.map(({ name, parameter }) => [parameter, name] as const),
  ]
  const [plain, others] = [entries.filter(isPlain), entries.filter((entry) => !isPlain(entry))]
  for (const [owner, name] of [...plain, ...others]) {
    given.set(owner, unique.give(safeName(inWords(name)) ?? NAMELESS))
  }
  const nameOf = (owner: object | string): string => given.get(owner) ?? NAMELESS
  return {
    parameters: new Map(wanted.map(({ parameter }) => [nameOf(parameter), parameter])),
    properties: new Map(properties.map((name) => [nameOf(name), name])),
  }
}

/** What compares is a part of some names, such as `DateSent>`. */
function inWords(name: string): string {
  return name.replaceAll(/[<>!]=?/g, (sign) => COMPARING.get(sign) ?? sign)
}

const COMPARING: ReadonlyMap<string, string> = new Map([
  ['<', '_lt'],
  ['<=', '_lte'],
  ['>', '_gt'],
  ['>=', '_gte'],
  ['!=', '_ne'],
])

function placedName({ name, in: place }: Parameter): string {
  const end = `__${place}`
  return `${cutName(safeName(name) ?? NAMELESS, LONGEST - end.length)}${end}`
}

const LONGEST = 64
const NAMELESS = 'argument'

function isPlain([, name]: readonly [object | string, string]): boolean {
  return safeName(name) === name
}
