/** Whether a title says no more than a name: `User Id` for `user_id`. It is not worth its tokens. */
export function isEcho(title: unknown, name: string): boolean {
  return lettersOf(String(title)) === lettersOf(name)
}

function lettersOf(text: string): string {
  return text
    .slice(0, 500)
    .toLowerCase()
    .replaceAll(/[^\p{L}\p{N}]/gu, '')
}
