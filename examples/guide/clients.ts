// #region credentials

import { ClientCredentialsProvider } from '@modelcontextprotocol/client'

// #endregion
// #region connect

import { connect } from '@fastmcp/ts/client'

// #endregion

import { type FormContent, type FormField, Group, ResponseCache, type ServerObject } from '@fastmcp/ts/client'

// #region terminal

import { terminalElicit } from '@fastmcp/ts/client/terminal'

// #endregion

type Server = string | ServerObject

export async function connecting(server: Server) {
  // #region connect
  await using client = await connect(server) // 'http://127.0.0.1:8000/mcp', 'node server.js', { command }, a server object
  const tools = await client.tools()
  const { data } = await client.callTool<number>('add', { a: 1, b: 2 })
  // #endregion
  return { tools, data }
}

export async function answering(server: Server) {
  // #region answering
  await using client = await connect(server, {
    onElicit: async (message, form, { server, signal }) => {
      if (form.mode === 'url') return { action: (await consents(message, form.url)) ? 'accept' : 'decline' }
      return await showForm(message, form.fields, { of: server?.name, signal }) // content, or { action: 'decline' } or 'cancel'
    },
    onSample: ({ messages, maxTokens }) => callYourModel(messages, maxTokens), // text, or { content, model, stopReason }
    onRoots: () => ['file:///home/ada/project'],
  })
  // #endregion
  return await client.callTool('visit')
}

export async function atTerminal(server: Server) {
  // #region terminal
  await using client = await connect(server, { onElicit: terminalElicit() })
  // #endregion
  return await client.callTool('add', { a: 1, b: 2 })
}

export async function hearing(server: Server, work: () => Promise<void>) {
  await using client = await connect(server)
  // #region hearing
  await using changes = await client.listen({ tools: true, resources: ['config://app'] }, async (change) => {
    if (change.kind === 'tools') showTools(await client.tools())
    if (change.kind === 'resource') reload(change.uri)
  })
  // #endregion
  await work()
  return changes.honored
}

export async function sharing(url: string, { hers, his }: { readonly hers: string; readonly his: string }) {
  // #region sharing
  const cache = new ResponseCache({ maxEntries: 1_000 })
  await using alice = await connect(url, { cache, headers: { authorization: `Bearer ${hers}` } })
  await using bob = await connect(url, { cache, headers: { authorization: `Bearer ${his}` } })
  // #endregion
  const of = async (client: typeof alice) => (await client.readResource('config://app')).text
  return [await of(alice), await of(alice), await of(bob)]
}

export async function several({ url, token, files }: { url: string; token: string; files: string }) {
  const command = process.execPath
  // #region several
  await using group = await connect({
    mcpServers: {
      github: { url, headers: { authorization: `Bearer ${token}` } },
      files: { command, args: [files] },
    },
  })
  for (const { name, server } of await group.tools()) console.log(name, 'of', server)
  await group.callTool('github_add', { a: 1, b: 2 })
  await group.readResource('config://app', { server: 'github' })
  // #endregion
  return { isGroup: group instanceof Group, tools: await group.tools() }
}

export async function credentials(url: string, { clientId, clientSecret, expectedIssuer }: Record<Client, string>) {
  // #region credentials
  const authProvider = new ClientCredentialsProvider({ clientId, clientSecret, expectedIssuer })
  await using client = await connect(url, { authProvider })
  // #endregion
  return await client.callTool('add', { a: 1, b: 2 })
}

type Client = 'clientId' | 'clientSecret' | 'expectedIssuer'

/** What the program around the client was told to show. */
export const shown: unknown[] = []

const showTools = (tools: readonly { readonly name: string }[]) => shown.push(tools.map(({ name }) => name))
const reload = (uri: string) => shown.push(uri)

async function consents(message: string, url: string): Promise<boolean> {
  shown.push({ message, url })
  return true
}

async function showForm(
  message: string,
  fields: readonly FormField[],
  { of }: { readonly of: string | undefined; readonly signal: AbortSignal },
): Promise<FormContent> {
  shown.push({ message, of, fields: fields.map(({ name }) => name) })
  return { guests: 2 }
}

async function callYourModel(messages: readonly unknown[], maxTokens: number): Promise<string> {
  return `${messages.length} messages in at most ${maxTokens} tokens`
}
