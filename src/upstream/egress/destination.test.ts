import { describe, expect, it } from 'vitest'
import { objectionTo } from './destination.ts'

const objection = (address: string): string | undefined => objectionTo(new URL(address))

describe('an address to call', () => {
  it.each([
    'https://api.example.com/v1',
    'http://api.example.com.',
    'https://8.8.8.8',
    'https://[2606:4700::1111]:8443',
    'https://localhost.example.com',
    'https://local.example',
    'https://internal.example.com',
    'https://bücher.example',
  ])('%s is fine', (address) => expect(objection(address)).toBeUndefined())

  it.each(['ftp://example.com', 'file:///etc/passwd', 'data:,x', 'ws://example.com', 'blob:https://example.com/1'])(
    '%s is none',
    (address) => expect(objection(address)).toBe('is no http or https address'),
  )

  it.each(['https://user:pass@example.com', 'https://8.8.8.8@10.0.0.1', 'https://example.com%00@x.com'])(
    '%s holds a user',
    (address) => {
      if (URL.canParse(address)) expect(objection(address)).toBe('holds a user and password')
    },
  )
})

describe('OA-04: this machine by any of its spellings', () => {
  it.each([
    'http://127.0.0.1',
    'http://127.1',
    'http://2130706433',
    'http://0x7f000001',
    'http://0x7f.1',
    'http://0177.0.0.1',
    'http://017700000001',
    'http://127.0.0.1.',
    'http://①②⑦.0.0.1',
    'http://127。0。0。1',
    'http://%31%32%37.0.0.1',
    'http://0',
    'http://0.0.0.0',
    'http://[::1]',
    'http://[0:0:0:0:0:0:0:1]',
    'http://[::ffff:127.0.0.1]',
    'http://[::ffff:7f00:1]',
    'http://[64:ff9b::7f00:1]',
    'http://[::]',
  ])('%s', (address) => expect(objection(address)).toMatch(/^is not a public address/))

  it.each([
    'http://localhost',
    'http://LOCALHOST.',
    'http://loc\u00ADalhost',
    'http://api.localhost',
    'http://localhost.localdomain',
    'http://printer',
    'http://printer.local',
    'http://db.internal..',
    'http://metadata.google.internal',
    'http://router.home.arpa',
    'http://api.team.svc',
    'http://api.team.svc.cluster.local',
    'http://wiki.corp',
    'http://nas.lan',
  ])('%s', (address) => expect(objection(address)).toBe('is the name of something inside a network'))

  it.each(['http://[fe80::1%25eth0]', 'http://[fe80::1%eth0]', 'http://256.1.1.1', 'http://127.0.0.1%2f@x'])(
    '%s is no address to begin with',
    (address) => expect(!URL.canParse(address) || objection(address) !== undefined).toBe(true),
  )

  it.each([
    'http://169.254.169.254/latest/meta-data',
    'http://0xa9fea9fe',
    'http://2852039166',
    'http://[fd00:ec2::254]',
  ])('the metadata of a cloud: %s', (address) => expect(objection(address)).toMatch(/^is not a public address/))
})
