/**
 * A text of a document as a model should read it: without HTML, line breaks, the targets of links and what nobody sees, and
 * no longer than `most` characters; cut where a sentence ends, or else a word.
 */
export function shorten(text: string, most: number): string {
  // Longer ones are looked at only as far as what is shown can come from.
  const plain = withoutTargets(withoutTags(text.slice(0, most * 10)))
    .replaceAll(/ \s+|[^\S ]\s*/g, ' ')
    .replaceAll(UNSEEN, '')
    .trim()
  if (plain.length <= most) return plain
  const head = plain.slice(0, most)
  const sentence = Math.max(
    head.lastIndexOf('. '),
    head.lastIndexOf('! '),
    head.lastIndexOf('? '),
    head.lastIndexOf('。'),
  )
  if (sentence >= most / 2) return head.slice(0, sentence + 1)
  const word = head.lastIndexOf(' ', most - 1)
  return `${wholeCharacters(head.slice(0, word >= most / 2 ? word : most - 1))}…`
}

/** Control characters, changes of direction, and tags, which spell out what only programs read. */
const UNSEEN = /[\p{Cc}\u202a-\u202e\u2066-\u2069\u{e0000}-\u{e007f}]/gu

/** Within a line, and therefore nothing that separates words. */
const INLINE = tags('a abbr b code em font i kbd small span strong sub sup tt u')
const BLOCK = tags(
  'blockquote br caution dd div dl dt h[1-6] hr img important li note ol p pre table tbody td th thead tr ul',
)

function tags(names: string): RegExp {
  return new RegExp(`</?(?:${names.replaceAll(' ', '|')})(?:\\s[^<>]*)?/?>`, 'gi')
}

function withoutTags(text: string): string {
  if (!text.includes('<')) return text
  const plain = text
    .replaceAll(INLINE, '')
    .replaceAll(BLOCK, ' ')
    .replaceAll(/<!--[^<>]*-->/g, ' ')
  return plain.replaceAll(/&(amp|lt|gt|quot|#39|nbsp);/g, (whole, name: string) => ENTITIES.get(name) ?? whole)
}

/** `[words](https://…)` is the words: a model follows no links, and pays for them. */
function withoutTargets(text: string): string {
  return text.includes('](') ? text.replaceAll(LINK, '$1') : text
}

const LINK = /!?\[([^[\]]*)\]\((?:[a-z][\w+.-]*:|[/#.])[^()\s]*(?:\s+"[^"]{0,200}")?\)/gi

const ENTITIES: ReadonlyMap<string, string> = new Map([
  ['amp', '&'],
  ['lt', '<'],
  ['gt', '>'],
  ['quot', '"'],
  ['#39', "'"],
  ['nbsp', ' '],
])

/** Half of a character of two units is no text that JSON in UTF-8 can carry. */
function wholeCharacters(text: string): string {
  return /[\ud800-\udbff]$/.test(text) ? text.slice(0, -1) : text
}
