import { ClientError } from './errors.ts'

/** Makes the name that a tool or prompt of a server has in a group. */
export type Naming = (server: string, name: string) => string

/** `server_name`. */
export const prefixed: Naming = (server, name) => `${server}_${name}`

/** The names of one kind of thing in a group: who they belong to, and that each belongs to one only. */
export class Names {
  readonly #kind: string
  readonly #naming: Naming
  readonly #byServer = new Map<string, ReadonlyMap<string, string>>()

  constructor(kind: string, naming: Naming) {
    this.#kind = kind
    this.#naming = naming
  }

  /** Notes what a server has, and gives it under its names in the group. */
  note<T extends { readonly name: string }>(server: string, items: readonly T[]): (T & { readonly server: string })[] {
    const known = new Map<string, string>()
    const named = items.flatMap((item) => {
      const name = this.#naming(server, item.name)
      if (known.has(name)) return []
      known.set(name, item.name)
      return [{ ...item, name, server }]
    })
    this.#byServer.set(server, known)
    return named
  }

  /** Rejects names that two servers have: a call by such a name could go to the wrong one. */
  check(): void {
    const owners = new Map<string, string>()
    for (const [server, known] of this.#byServer) {
      for (const name of known.keys()) {
        const other = owners.get(name)
        if (other !== undefined) throw this.#collision(name, [other, server])
        owners.set(name, server)
      }
    }
  }

  /** Who has a thing by this name, as far as it was noted. */
  find(name: string): { readonly server: string; readonly name: string } | undefined {
    const owners = [...this.#byServer].filter(([, known]) => known.has(name)).map(([server]) => server)
    if (owners.length > 1) throw this.#collision(name, owners)
    const [server] = owners
    if (server === undefined) return undefined
    return { server, name: this.#byServer.get(server)?.get(name) ?? name }
  }

  unknown(name: string): string {
    return `No server of the group has a ${this.#kind} "${name}"`
  }

  #collision(name: string, servers: readonly string[]): ClientError {
    const words = `The servers ${servers.join(' and ')} both have a ${this.#kind} "${name}"`
    return new ClientError('NAME_COLLISION', `${words}: give them other names with naming`)
  }
}
