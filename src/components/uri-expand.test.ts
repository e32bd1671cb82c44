import { describe, expect, it } from 'vitest'
import { expandParts, type UriValues } from './uri-expand.ts'
import { parseTemplate } from './uri-parse.ts'
import { compileTemplate } from './uri-template.ts'

describe('expanding, as RFC 6570 prints it', () => {
  const values: UriValues = {
    var: 'value',
    hello: 'Hello World!',
    path: '/foo/bar',
    half: '50%',
    empty: '',
    x: '1024',
    y: '768',
    who: 'fred',
    list: ['red', 'green', 'blue'],
    base: 'http://example.com/home/',
  }
  const cases: readonly (readonly [template: string, uri: string])[] = [
    ['{var}', 'value'],
    ['{hello}', 'Hello%20World%21'],
    ['{half}', '50%25'],
    ['O{empty}X', 'OX'],
    ['O{undef}X', 'OX'],
    ['{+var}', 'value'],
    ['{+hello}', 'Hello%20World!'],
    ['{+half}', '50%25'],
    ['{base}index', 'http%3A%2F%2Fexample.com%2Fhome%2Findex'],
    ['{+base}index', 'http://example.com/home/index'],
    ['{+path}/here', '/foo/bar/here'],
    ['here?ref={+path}', 'here?ref=/foo/bar'],
    ['X{#var}', 'X#value'],
    ['X{#hello}', 'X#Hello%20World!'],
    ['map?{x,y}', 'map?1024,768'],
    ['{x,hello,y}', '1024,Hello%20World%21,768'],
    ['{+x,hello,y}', '1024,Hello%20World!,768'],
    ['{+path,x}/here', '/foo/bar,1024/here'],
    ['{#x,hello,y}', '#1024,Hello%20World!,768'],
    ['{#path,x}/here', '#/foo/bar,1024/here'],
    ['X{.var}', 'X.value'],
    ['X{.x,y}', 'X.1024.768'],
    ['{/var}', '/value'],
    ['{/var,x}/here', '/value/1024/here'],
    ['{;x,y}', ';x=1024;y=768'],
    ['{;x,y,empty}', ';x=1024;y=768;empty'],
    ['{?x,y}', '?x=1024&y=768'],
    ['{?x,y,empty}', '?x=1024&y=768&empty='],
    ['?fixed=yes{&x}', '?fixed=yes&x=1024'],
    ['?a=b{&x,y,empty}', '?a=b&x=1024&y=768&empty='],
    ['{list}', 'red,green,blue'],
    ['{/list*}', '/red/green/blue'],
    ['X{.list*}', 'X.red.green.blue'],
    ['{;list*}', ';list=red;list=green;list=blue'],
    ['{?list*}', '?list=red&list=green&list=blue'],
    ['{?list}', '?list=red,green,blue'],
  ]
  it.each(cases)('%s', (template, uri) => {
    expect(expandParts(parseTemplate(template), values)).toBe(uri)
  })

  it('a variable with * in the plain place keeps its slashes and encodes the rest', () => {
    expect(compileTemplate('f://{path*}').expand({ path: 'a b/c?d' })).toBe('f://a%20b/c%3Fd')
  })

  it('what is encoded already stays so where reserved characters do', () => {
    expect(compileTemplate('f://{+path}').expand({ path: 'a%20b %20%é' })).toBe('f://a%20b%20%20%25%C3%A9')
  })
})
