/** Who a piece of content is for, and how much it matters. */
export interface Annotations {
  readonly audience?: readonly ('user' | 'assistant')[]
  /** 0 to 1. */
  readonly priority?: number
  /** ISO 8601. */
  readonly lastModified?: string
}

/** Open metadata; keys follow the specification's naming rules. */
export type Meta = Readonly<Record<string, unknown>>

interface Annotated {
  readonly annotations?: Annotations
  readonly _meta?: Meta
}

/** Text for the model or the user. */
export interface TextContent extends Annotated {
  readonly type: 'text'
  readonly text: string
}

/** A picture, base64. */
export interface ImageContent extends Annotated {
  readonly type: 'image'
  readonly data: string
  readonly mimeType: string
}

/** Sound, base64. */
export interface AudioContent extends Annotated {
  readonly type: 'audio'
  readonly data: string
  readonly mimeType: string
}

/** A resource that the client may read; it travels as a reference. */
export interface ResourceLink extends Annotated {
  readonly type: 'resource_link'
  readonly uri: string
  readonly name: string
  readonly title?: string
  readonly description?: string
  readonly mimeType?: string
  readonly size?: number
  readonly icons?: readonly Icon[]
}

/** A resource that travels whole. */
export interface EmbeddedResource extends Annotated {
  readonly type: 'resource'
  readonly resource: ResourceContents
}

/** One piece of a tool result or a prompt message. */
export type ContentBlock = TextContent | ImageContent | AudioContent | ResourceLink | EmbeddedResource

/** The text of a resource. */
export interface TextResourceContents {
  readonly uri: string
  readonly mimeType?: string
  readonly text: string
  readonly _meta?: Meta
}

/** The bytes of a resource, base64. */
export interface BlobResourceContents {
  readonly uri: string
  readonly mimeType?: string
  readonly blob: string
  readonly _meta?: Meta
}

/** What reading a resource gives. */
export type ResourceContents = TextResourceContents | BlobResourceContents

/** A picture that stands for a server or component; `src` is an https or data URI. */
export interface Icon {
  readonly src: string
  readonly mimeType?: string
  readonly sizes?: readonly string[]
  readonly theme?: 'light' | 'dark'
}
