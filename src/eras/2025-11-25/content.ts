import type { AudioContent, ContentBlock, ResourceLink, TextContent } from '../../protocol/content.ts'
import type { Revision } from './revisions.ts'

/** The same blocks, those that the revision has no form for told in words. Copies only if it must. */
export function contentFor(revision: Revision, content: readonly ContentBlock[]): readonly ContentBlock[] {
  return content.every((block) => isKnown(revision, block))
    ? content
    : content.map((block) => blockFor(revision, block))
}

/** The same block, or its words where the revision has no form for it. */
export function blockFor(revision: Revision, block: ContentBlock): ContentBlock {
  if (block.type === 'audio' && !revision.audio) return inWords(block, wordsOfAudio(block))
  if (block.type === 'resource_link' && !revision.resourceLinks) return inWords(block, wordsOfLink(block))
  return block
}

function isKnown(revision: Revision, { type }: ContentBlock): boolean {
  if (type === 'audio') return revision.audio
  return type !== 'resource_link' || revision.resourceLinks
}

/** Whom a block is for stays true of its words. */
function inWords({ annotations }: ContentBlock, text: string): TextContent {
  return annotations === undefined ? { type: 'text', text } : { type: 'text', text, annotations }
}

function wordsOfAudio({ mimeType, data }: AudioContent): string {
  return `[audio, ${mimeType}, ${Math.floor((data.length * 3) / 4)} bytes, not available in this protocol revision]`
}

function wordsOfLink({ uri, name, title, description, mimeType }: ResourceLink): string {
  const head = `[resource] ${title ?? name}: ${uri}${mimeType === undefined ? '' : ` (${mimeType})`}`
  return description === undefined ? head : `${head}\n${description}`
}
