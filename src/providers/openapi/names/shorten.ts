/**
 * A text of a document as a model should read it: without HTML and line breaks, and no longer than `most` characters;
 * cut where a sentence ends, or else a word.
 */
export function shorten(text: string, most: number): string {
  // Longer ones are looked at only as far as what is shown can come from.
  const plain = withoutTags(text.slice(0, most * 10))
    .replaceAll(/\s+/g, ' ')
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

const TAG =
  /<\/?(?:a|b|blockquote|br|code|dd|div|dl|dt|em|font|h[1-6]|hr|i|img|li|ol|p|pre|small|span|strong|sub|sup|table|tbody|td|th|thead|tr|u|ul)(?:\s[^<>]*)?\/?>/gi

function withoutTags(text: string): string {
  if (!text.includes('<')) return text
  const plain = text.replaceAll(TAG, ' ').replaceAll(/<!--[^<>]*-->/g, ' ')
  return plain.replaceAll(/&(amp|lt|gt|quot|#39|nbsp);/g, (whole, name: string) => ENTITIES.get(name) ?? whole)
}

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
