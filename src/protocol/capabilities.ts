type Settings = Readonly<Record<string, unknown>>

/** What a client says it can do. */
export interface ClientCapabilities {
  readonly experimental?: Readonly<Record<string, Settings>>
  readonly roots?: { readonly listChanged?: boolean }
  readonly sampling?: { readonly context?: Settings; readonly tools?: Settings }
  readonly elicitation?: { readonly form?: Settings; readonly url?: Settings }
  readonly extensions?: Readonly<Record<string, Settings>>
}

/** What a server says it can do. */
export interface ServerCapabilities {
  readonly experimental?: Readonly<Record<string, Settings>>
  readonly logging?: Settings
  readonly completions?: Settings
  readonly prompts?: { readonly listChanged?: boolean }
  readonly resources?: { readonly subscribe?: boolean; readonly listChanged?: boolean }
  readonly tools?: { readonly listChanged?: boolean }
  readonly extensions?: Readonly<Record<string, Settings>>
}
