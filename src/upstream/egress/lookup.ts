import { specialUseOf } from './address-class.ts'
import { refused } from './destination.ts'

/** One address of a name. */
export interface Found {
  readonly address: string
  readonly family: number
}

/** Finds all addresses of a name. Rejects where there are none. */
export type Lookup = (hostname: string) => Promise<readonly Found[]>

/** The addresses of a name, if all of them are public: one that is not says enough of the others. */
export async function lookUpPublic(hostname: string, lookup: Lookup): Promise<readonly Found[]> {
  const found = await lookup(hostname)
  if (found.length === 0) throw Object.assign(new Error(`${hostname} has no address`), { code: 'ENOTFOUND' })
  for (const { address } of found) {
    const use = specialUseOf(address)
    if (use !== undefined) throw refused(hostname, `leads to ${address}, which is not a public address (it is ${use})`)
  }
  return found
}

/** Looks names up as the system does; undefined where the runtime cannot. */
export async function systemLookup(): Promise<Lookup | undefined> {
  try {
    const { promises } = process.getBuiltinModule('node:dns')
    return (hostname) => promises.lookup(hostname, { all: true })
  } catch {
    return undefined
  }
}
