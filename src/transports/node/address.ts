const { hostname, networkInterfaces } = process.getBuiltinModule('node:os')

const WILDCARDS: ReadonlySet<string> = new Set(['0.0.0.0', '::', ''])

/**
 * The `Host` names that follow from where a server is bound. A wildcard stands for every address
 * of the machine: an address in `Host` is safe, for a page in a browser can only point names.
 */
export function boundHosts(host: string): readonly string[] {
  if (!WILDCARDS.has(host)) return [bracketed(host)]
  const addresses = Object.values(networkInterfaces()).flatMap((list) => list ?? [])
  return [...addresses.map(({ address }) => bracketed(address)), hostname()].filter((name) =>
    /^[\w.[\]:-]+$/.test(name),
  )
}

/** A host as it stands in the URL that a client on this machine would use. */
export function urlHost(host: string): string {
  return WILDCARDS.has(host) ? '127.0.0.1' : bracketed(host)
}

function bracketed(host: string): string {
  return host.includes(':') ? `[${host}]` : host
}
