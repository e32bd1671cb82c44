import { expect, it } from 'vitest'
import { REDACTED, withoutSecrets } from './secrets.ts'

it.each([
  ['connect postgres://app:hunter@db.internal/app failed', `connect postgres://${REDACTED}@db.internal/app failed`],
  ['api_key=hunter, next', `api_key=${REDACTED}, next`],
  ['{"client_secret": "hunter", "a": 1}', `{"client_secret": "${REDACTED}", "a": 1}`],
  ['Authorization: Bearer hunters-token', `Authorization: ${REDACTED}`],
  ['GET /cb?code=hunter&x=1', `GET /cb?code=${REDACTED}&x=1`],
])('leaves out what looks secret: %s', (text, shown) => {
  expect(withoutSecrets(text)).toBe(shown)
})

it('leaves the stack of an error as it is', () => {
  const { stack = '' } = new Error('No user 7')
  expect(stack).toContain('secrets.test.ts')
  expect(withoutSecrets(stack)).toBe(stack)
})
