/** Headers whose names say that they carry what grants access. */
const CREDENTIAL =
  /authorization|cookie|token|secret|passw|credential|session|signature|(?:api|access|auth|private|subscription)[-_]?key/

/** Whether a header, by its lower-case name, may carry credentials: handlers and logs never see those. */
export function isCredential(name: string): boolean {
  return CREDENTIAL.test(name)
}

/** Headers without those that may carry credentials; no prototype. */
export function withoutCredentials(headers: Readonly<Record<string, string>>): Readonly<Record<string, string>> {
  const shown: Record<string, string> = Object.create(null)
  for (const [name, value] of Object.entries(headers)) if (!isCredential(name)) shown[name] = value
  return Object.freeze(shown)
}
