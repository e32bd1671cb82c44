import { expect, it } from 'vitest'
import { withoutTraces } from './without-traces.ts'

it.each([
  ['no such row\n    at find (/srv/shop/db.js:12:9)\n    at next', 'no such row'],
  [
    'TypeError: x is not a function at async Object.<anonymous> (file:///x/y.mjs:1:1)',
    'TypeError: x is not a function',
  ],
  ['boom at /srv/shop/db.js:12:9', 'boom'],
  ['java.lang.NullPointerException: it\n\tat com.acme.Shop.find(Shop.java:12)', 'java.lang.NullPointerException: it'],
  ['Traceback (most recent call last):\n  File "/x.py", line 3, in f\nKeyError', ''],
  ['panic: no\n\ngoroutine 1 [running]:\nmain.main()', 'panic: no'],
  ['PHP Fatal error: no in /var/www/x.php:3 Stack trace: #0 /var/www', 'PHP Fatal error: no in [file]'],
  ['cannot open C:\\Shop\\db.ini, nor file:///etc/x', 'cannot open [file], nor [file]'],
  ['cannot open "/etc/shop/db.ini"', 'cannot open "[file]"'],
  ['connect ECONNREFUSED 10.0.3.7:5432 (db.shop.internal)', 'connect ECONNREFUSED [host] ([host])'],
  ['no route to 172.20.0.9, LOCALHOST:80 or redis.default.svc.', 'no route to [host], [host] or [host].'],
])('traces, files and hosts are left out: %j', (text, told) => {
  expect(withoutTraces(text)).toBe(told)
})

it.each([
  'The stock service is down until 12:00',
  'GET /things/42 failed at the database',
  'see https://example.com/home/help, at once (or later)',
  'internal error 10.3 of example.com, mail.local.example, 8.8.8.8 and 1.10.0.3.7',
  'version v1/app/installations at 3 (three) places',
])('words stay: %j', (text) => {
  expect(withoutTraces(text)).toBe(text)
})

it('takes time in proportion to the text', () => {
  const begun = performance.now()
  withoutTraces(
    'at a'.repeat(4_000) + ' at '.repeat(4_000) + '/app/'.repeat(4_000) + 'a.'.repeat(8_000) + 'at ['.repeat(4_000),
  )
  expect(performance.now() - begun).toBeLessThan(500)
})
