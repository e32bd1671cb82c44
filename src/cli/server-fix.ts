/** Why a server inside something else does not do. */
export const AT_MODULE_LEVEL =
  'The server must be exported at module level, so that it is there as soon as the file is loaded.'

/** A function that makes a server, as the fix shows it. */
export interface Maker {
  readonly name: string
  readonly takesArguments?: boolean
  readonly isAsync?: boolean
  readonly isExported?: boolean
  /** It exists but gives no server back. */
  readonly forgetsReturn?: boolean
}

/** Two lines: the function as it is, and the export of what it makes. */
export function exportWhatItMakes(maker: Maker): string {
  const { takesArguments, isAsync, isExported = true, forgetsReturn } = maker
  const name = /^(default)?$/.test(maker.name) ? 'createServer' : maker.name
  const call = `${name}(${takesArguments ? '…' : ''})`
  const head = `${isExported ? 'export ' : ''}${isAsync ? 'async ' : ''}function ${call}`
  const how = forgetsReturn
    ? 'Return it from the function, and export it:'
    : 'Keep the function and export what it makes:'
  return advice(
    how,
    `${head} { …${forgetsReturn ? '; return mcp' : ''} }`,
    `export const mcp = ${isAsync ? 'await ' : ''}${call}`,
  )
}

/** Two lines, for a function that makes and runs its server: both belong into the module. */
export function moveItOut(): string {
  return advice('Move it out of the function:', 'export const mcp = new FastMCP({ … })', 'await mcp.run()')
}

/** Two lines: what holds the server, and the export of the server itself. */
export function exportWhatItHolds({
  name,
  field,
  isClass,
}: {
  readonly name: string
  readonly field: string
  readonly isClass: boolean
}): string {
  const holder = isClass ? `class ${name} { ${field} = new FastMCP({ … }) }` : `export const ${name} = …`
  return advice(`Export it beside ${name}:`, holder, `export const mcp = ${isClass ? `new ${name}()` : name}.${field}`)
}

function advice(how: string, ...lines: readonly string[]): string {
  return `${AT_MODULE_LEVEL}\n${how}\n\n${lines.map((line) => `  ${line}`).join('\n')}`
}
