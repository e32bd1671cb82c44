/** Words that name what grants access or pays, as people write them in field names. */
const SECRET = new Set(
  (
    'password passwd passwort passphrase passcode pwd secret secrets token credential credentials apikey ' +
    'bearer authorization cookie cvv cvc csc pin otp totp mfa ssn iban card creditcard cardnumber'
  ).split(' '),
)

/** Pairs of words that name a secret only together. */
const SECRET_KEYS = new Set('api access private secret signing encryption auth subscription license ssh'.split(' '))

/** Whether a field by this name seems to ask for a password, a key, a token or a card. */
export function looksSecret(name: string): boolean {
  const words = wordsOf(name)
  return words.some((word, index) => SECRET.has(word) || (word === 'key' && SECRET_KEYS.has(words[index - 1] ?? '')))
}

/** `apiKey`, `API_KEY`, `api-key` and `API key` are the same two words. */
function wordsOf(name: string): string[] {
  return name
    .slice(0, 200)
    .replaceAll(/([a-z\d])([A-Z])/g, '$1 $2')
    .replaceAll(/([A-Z]+)([A-Z][a-z])/g, '$1 $2')
    .toLowerCase()
    .split(/[^\p{L}\d]+/u)
    .map((word) => word.replace(/\d+$/, ''))
}
