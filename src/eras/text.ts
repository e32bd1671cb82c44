/** The text of a result that will be sent again, with its bytes made once. */
export class KeptText {
  readonly text: string
  /** The text in UTF-8, and the brace that closes the answer around it. */
  readonly closed: Uint8Array

  constructor(text: string) {
    this.text = text
    this.closed = new TextEncoder().encode(`${text}}`)
  }

  toString(): string {
    return this.text
  }
}

/** An answer whose greater part is kept: sent as it lies there, without being joined or encoded again. */
export class SplicedText {
  readonly before: string
  readonly kept: KeptText

  constructor(before: string, kept: KeptText) {
    this.before = before
    this.kept = kept
  }

  toString(): string {
    return `${this.before}${this.kept.text}}`
  }
}

/** The text of a result. */
export type ResultText = string | KeptText
/** The text of a message; `String()` makes it one piece. */
export type MessageText = string | SplicedText
