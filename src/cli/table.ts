const GAP = '  '

/**
 * Rows as text in columns. Cells become one printable line each; the last column is cut to
 * `width`. A row may be shorter than the others.
 */
export function columns(rows: readonly (readonly string[])[], width: number = Number.POSITIVE_INFINITY): string[] {
  const cells = rows.map((row) => row.map(oneLine))
  const widths: number[] = []
  for (const row of cells) {
    for (const [index, cell] of row.slice(0, -1).entries()) widths[index] = Math.max(widths[index] ?? 0, cell.length)
  }
  return cells.map((row) => {
    const line = row.map((cell, index) => (index < row.length - 1 ? cell.padEnd(widths[index] ?? 0) : cell)).join(GAP)
    return cut(line.trimEnd(), width)
  })
}

/** Shortens a line to `width` characters, the last of them an ellipsis. */
export function cut(line: string, width: number): string {
  return line.length <= width ? line : `${line.slice(0, Math.max(0, width - 1)).trimEnd()}…`
}

/** Every line of a text moved to the right. */
export function indent(text: string, by: string = '  '): string {
  return text.replace(/^(?=.)/gm, by)
}

/** Text from elsewhere as one printable line. */
export function oneLine(cell: string): string {
  return printable(cell).replace(/\s+/g, ' ').trim()
}

/** Text from elsewhere, made safe for a terminal: control characters but line breaks and tabs are spelled out. */
export function printable(text: string): string {
  return text.replace(
    // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what this is about
    /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u2028-\u202e\u2066-\u2069]/g,
    (character) => (character === '\r' ? '' : `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`),
  )
}
