import type {
  PromptDefinition,
  ResourceDefinition,
  TemplateDefinition,
  ToolDefinition,
} from '../protocol/definitions.ts'
import type { FastMCPError } from '../protocol/errors.ts'
import type { CompletionReference, GetPromptResult } from '../protocol/methods.ts'
import type { Client, Completion } from './client.ts'
import { ClientError } from './errors.ts'
import { type GroupChange, type GroupSubscription, MemberListening } from './group-listening.ts'
import { Member, type ServerHealth } from './group-member.ts'
import { Names, type Naming, prefixed } from './group-names.ts'
import { ResourceOwners } from './group-resources.ts'
import { type ListenFilter, wantsNothing } from './listen-filter.ts'
import { meet } from './meet.ts'
import type { CallOptions, CompleteOptions, ConnectOptions, ReadOptions, ToolCallOptions } from './options.ts'
import type { Reading } from './reading.ts'
import type { Dial } from './target.ts'
import type { ToolCallResult } from './tool-result.ts'

/** What connecting to several servers takes besides. */
export interface GroupOptions extends ConnectOptions {
  /** What a tool or prompt of a server is called in the group; `server_name` by default. */
  readonly naming?: Naming
  /** Hears when a server cannot be reached or is lost; what it has is absent until it is back. */
  readonly onServerError?: (server: string, problem: FastMCPError) => void
}

/** Something that a server of a group has, under its name in the group. */
export type InGroup<T> = T & { readonly server: string }

/** Which server is meant where a URI does not tell. */
interface WithServer {
  readonly server?: string
}

/** How long a server may take to prove that it answers, in milliseconds. */
const PING_MS = 5_000

/**
 * Several servers as one, made by `connect` from a config that names them. Each is connected to
 * when it is first needed, and spoken to in its own era; one that fails does not keep the others
 * from answering. Tools and prompts are called `server_name`, resources keep their URIs.
 */
export class Group implements AsyncDisposable {
  readonly #members: ReadonlyMap<string, Member>
  readonly #naming: Naming
  readonly #tools: Names
  readonly #prompts: Names
  readonly #owners = new ResourceOwners()
  #surveyed = false

  constructor(dials: ReadonlyMap<string, Dial>, options: GroupOptions) {
    const { naming = prefixed, onServerError, signal: given } = options
    this.#naming = naming
    this.#tools = new Names('tool', naming)
    this.#prompts = new Names('prompt', naming)
    this.#members = new Map(
      [...dials].map(([name, dial]) => {
        const connect = (own: AbortSignal): Promise<Client> => {
          const signal = given ? AbortSignal.any([given, own]) : own
          return meet({ dial, name }, { ...options, signal })
        }
        return [name, new Member(name, { connect, report: (problem) => onServerError?.(name, problem) })]
      }),
    )
  }

  /** The names of its servers. */
  get servers(): readonly string[] {
    return [...this.#members.keys()]
  }

  /** The client of one server, for what a group does not cover; connected now if it is not yet. */
  async server(name: string): Promise<Client> {
    return this.#member(name).client()
  }

  /** How each server is. Those that are connected are asked for a sign of life; none is connected for it. */
  async health(): Promise<Readonly<Record<string, ServerHealth>>> {
    const health = async (member: Member) => [member.name, await member.checkedHealth(PING_MS)] as const
    return Object.fromEntries(await Promise.all([...this.#members.values()].map(health)))
  }

  /** The tools of all servers that answer. Rejects with `NAME_COLLISION` when two share a name. */
  async tools(options?: ReadOptions): Promise<readonly InGroup<ToolDefinition>[]> {
    const found = await this.#fromAll(options, async (client, server) =>
      this.#tools.note(server, await client.tools(options)),
    )
    this.#tools.check()
    return found
  }

  /** The prompts of all servers that answer. Rejects with `NAME_COLLISION` when two share a name. */
  async prompts(options?: ReadOptions): Promise<readonly InGroup<PromptDefinition>[]> {
    const found = await this.#fromAll(options, async (client, server) =>
      this.#prompts.note(server, await client.prompts(options)),
    )
    this.#prompts.check()
    return found
  }

  /** The resources of all servers that answer; two may have the same URI. */
  resources(options?: ReadOptions): Promise<readonly InGroup<ResourceDefinition>[]> {
    return this.#fromAll(options, async (client, server) => {
      const resources = await client.resources(options)
      this.#owners.noteResources(server, resources)
      return resources.map((resource) => ({ ...resource, server }))
    })
  }

  /** The resource templates of all servers that answer. */
  templates(options?: ReadOptions): Promise<readonly InGroup<TemplateDefinition>[]> {
    return this.#fromAll(options, async (client, server) => {
      const templates = await client.templates(options)
      this.#owners.noteTemplates(server, templates)
      return templates.map((template) => ({ ...template, server }))
    })
  }

  /** Calls a tool by its name in the group; else as `callTool` of a client. */
  async callTool<T = unknown>(
    name: string,
    args?: Readonly<Record<string, unknown>>,
    options?: ToolCallOptions,
  ): Promise<ToolCallResult<T>> {
    const found = await this.#find(this.#tools, name, () => this.tools(options))
    return (await this.server(found.server)).callTool<T>(found.name, args, options)
  }

  /** Fills in a prompt by its name in the group. */
  async getPrompt(
    name: string,
    args?: Readonly<Record<string, string>>,
    options?: CallOptions,
  ): Promise<GetPromptResult> {
    const found = await this.#find(this.#prompts, name, () => this.prompts(options))
    return (await this.server(found.server)).getPrompt(found.name, args, options)
  }

  /**
   * Reads a resource of the server that lists it, or that has a template for it. Where more than
   * one does, `server` says which; without it this rejects with `NAME_COLLISION`.
   */
  async readResource(uri: string, options?: ReadOptions & WithServer): Promise<Reading> {
    return (await this.#owner(uri, options)).readResource(uri, options)
  }

  /** Completes an argument of a prompt, by its name in the group, or a variable of a template. */
  async complete(
    ref: CompletionReference,
    argument: { readonly name: string; readonly value: string },
    options?: CompleteOptions & WithServer,
  ): Promise<Completion> {
    if (ref.type === 'ref/resource') return (await this.#owner(ref.uri, options)).complete(ref, argument, options)
    const { server, name } = await this.#find(this.#prompts, ref.name, () => this.prompts(options))
    return (await this.server(server)).complete({ ...ref, name }, argument, options)
  }

  /**
   * Tells `onChange` of changes on all servers that tell of them, or on one; a server that is lost
   * is listened to again when it is back. Rejects with `NOT_SUPPORTED` when no server tells any.
   */
  async listen(
    filter: ListenFilter,
    onChange: (change: GroupChange) => void,
    options?: WithServer,
  ): Promise<GroupSubscription> {
    const filters = await this.#filters(filter, options)
    const listening = [...filters].map(([member, own]) => new MemberListening(member, own, onChange))
    const problems = await Promise.all(listening.map((each) => each.begin()))
    const close = async (): Promise<void> => {
      await Promise.all(listening.map((each) => each.close()))
    }
    const honored = (): GroupSubscription['honored'] =>
      Object.fromEntries(listening.flatMap(({ server, honored: own }) => (own ? [[server, own]] : [])))
    if (problems.some((problem) => problem?.code !== 'NOT_SUPPORTED')) {
      return {
        get honored() {
          return honored()
        },
        close,
        [Symbol.asyncDispose]: close,
      }
    }
    throw problems[0] ?? new ClientError('NOT_SUPPORTED', 'There is nothing to listen to: the filter is empty')
  }

  /** Ends every connection. */
  async close(): Promise<void> {
    await Promise.all([...this.#members.values()].map((member) => member.close()))
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close()
  }

  #member(name: string): Member {
    const member = this.#members.get(name)
    if (member) return member
    throw new ClientError('UNKNOWN_NAME', `The group has no server "${name}". It has ${this.servers.join(', ')}`)
  }

  /** What all servers together have. One that cannot be reached has said so to `onServerError` already. */
  async #fromAll<T>(
    { signal }: CallOptions = {},
    work: (client: Client, server: string) => Promise<readonly T[]>,
  ): Promise<T[]> {
    const parts = await Promise.all(
      [...this.#members.values()].map(async (member) => {
        member.signal.throwIfAborted()
        const client = await member.clientIfLikely().catch(() => undefined)
        if (client === undefined) return []
        return work(client, member.name).catch((problem) => {
          if (signal?.aborted) throw problem
          member.complain(problem)
          return []
        })
      }),
    )
    return parts.flat()
  }

  /** Who has a thing by this name. With names as usual the name says it, and nobody needs to be asked. */
  async #find(
    names: Names,
    name: string,
    list: () => Promise<unknown>,
  ): Promise<{ readonly server: string; readonly name: string }> {
    const known = names.find(name)
    if (known) return known
    const likely =
      this.#naming === prefixed ? this.servers.filter((server) => name.startsWith(`${server}_`)) : this.servers
    const [server] = likely
    if (server === undefined) throw this.#unknown(names.unknown(name))
    if (this.#naming === prefixed && likely.length === 1) return { server, name: name.slice(server.length + 1) }
    await list()
    const found = names.find(name)
    if (found) return found
    throw this.#unknown(names.unknown(name))
  }

  /** All servers are looked at before the first is chosen: what one of them may have, another may list. */
  async #owner(uri: string, { server, signal }: WithServer & CallOptions = {}): Promise<Client> {
    if (server !== undefined) return this.server(server)
    const options = signal && { signal }
    if (!this.#surveyed || this.#owners.find(uri) === undefined) {
      await Promise.all([this.resources(options), this.templates(options)])
      this.#surveyed = true
    }
    const owner = this.#owners.find(uri)
    if (owner !== undefined) return this.server(owner)
    throw this.#unknown(`No server of the group lists a resource "${uri}": say which has it with the option server`)
  }

  /** What to listen to on which server. */
  async #filters(
    { resources = [], ...lists }: ListenFilter,
    { server }: WithServer = {},
  ): Promise<ReadonlyMap<Member, ListenFilter>> {
    if (server !== undefined) return new Map([[this.#member(server), { ...lists, resources }]])
    const filters = new Map([...this.#members.values()].map((member): [Member, ListenFilter] => [member, lists]))
    for (const uri of resources) {
      await this.#owner(uri)
      const member = this.#member(this.#owners.find(uri) ?? '')
      filters.set(member, { ...lists, resources: [...(filters.get(member)?.resources ?? []), uri] })
    }
    for (const [member, own] of filters) if (wantsNothing(own)) filters.delete(member)
    return filters
  }

  #unknown(words: string): ClientError {
    const failed = [...this.#members.values()]
      .filter(({ health }) => health.status === 'failed')
      .map(({ name }) => name)
    const absent = failed.length === 0 ? '' : ` (${failed.join(', ')} cannot be reached)`
    return new ClientError('UNKNOWN_NAME', words + absent)
  }
}
