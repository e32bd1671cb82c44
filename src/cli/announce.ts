/** A server that listens. */
export interface Address {
  readonly name: string
  readonly url: string
}

/** What to paste where, to use a server that listens at an address. */
export function announcement({ name, url }: Address): string {
  const question = '{"jsonrpc":"2.0","id":1,"method":"tools/list"}'
  const entry = JSON.stringify({ mcpServers: { [name]: { type: 'http', url } } })
  return `
Ask it for its tools:

  curl -s ${url} -H 'Content-Type: application/json' -d '${question}'

Add it to an MCP client:

  ${entry}

Or call it from code:

  import { connect } from '@fastmcp/ts/client'
  const client = await connect('${url}')
  console.log(await client.tools())

Stop it with Ctrl-C.`
}
