/**
 * What code finds around itself in the sandbox: `tools` and `console`, and no clock and no chance of its own, so that it does
 * the same whenever it is run again. It is given ways to send a call, to print, and to be done.
 */
export const PRELUDE = `(send, print, done, now, seed) => {
  'use strict'
  const { stringify, parse } = JSON
  const waiting = new Map()
  let last = 0

  const invoke = (name, given) => {
    const [args = {}] = given
    if (given.length > 1 || typeof args !== 'object' || args === null || Array.isArray(args)) {
      throw new TypeError('tools.' + name + ' takes one object that holds its arguments by name, such as { id: 1 }')
    }
    const json = stringify(args)
    const failure = new Error('')
    failure.name = 'ToolError'
    return new Promise((resolve, reject) => {
      last += 1
      waiting.set(last, { resolve, reject, failure })
      send(last, name, json)
    })
  }
  const settle = (id, isOk, text) => {
    const { resolve, reject, failure } = waiting.get(id)
    waiting.delete(id)
    if (isOk) return resolve(text === '' ? undefined : parse(text))
    failure.message = text
    reject(failure)
  }
  const never = () => false
  const tools = new Proxy(Object.create(null), {
    get: (_, name) => (typeof name !== 'string' || name === 'then' ? undefined : (...given) => invoke(name, given)),
    has: (_, name) => typeof name === 'string',
    set: never,
    defineProperty: never,
    deleteProperty: never,
  })

  const show = (value) => {
    if (typeof value === 'string') return value
    if (value instanceof Error) return value.name + ': ' + value.message
    try {
      return stringify(value) ?? String(value)
    } catch {
      return String(value)
    }
  }
  const write = (level) => (...values) => print(level + values.map(show).join(' '))
  const console = { log: write(''), info: write(''), debug: write(''), warn: write('warning: '), error: write('error: ') }

  const Clock = Date
  Clock.now = () => now
  const FixedDate = new Proxy(Clock, {
    construct: (target, given, as) => Reflect.construct(target, given.length === 0 ? [now] : given, as),
    apply: () => new Clock(now).toString(),
  })
  Clock.prototype.constructor = FixedDate
  let chance = seed
  Math.random = () => {
    chance = (chance + 0x6d2b79f5) | 0
    let mixed = Math.imul(chance ^ (chance >>> 15), 1 | chance)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296
  }
  delete globalThis.performance
  Object.assign(globalThis, { tools, console, Date: FixedDate })

  const told = (problem) =>
    problem instanceof Error
      ? stringify({ name: String(problem.name), message: String(problem.message), stack: String(problem.stack) })
      : stringify({ name: 'Thrown', message: show(problem), stack: '' })
  const start = (code) => {
    if (typeof code !== 'function') return done(false, told(new SyntaxError('The code must be statements of one function')))
    Promise.resolve()
      .then(code)
      .then((value) => stringify(value) ?? '')
      .then(
        (text) => done(true, text),
        (problem) => done(false, told(problem)),
      )
  }
  return { settle, start }
}`
