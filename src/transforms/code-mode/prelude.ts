/**
 * What code finds around itself in the sandbox: `tools` and `console`, and no clock and no chance of its own, so that it does
 * the same whenever it is run again. It is given ways to send a call, to print, and to be done.
 */
export const PRELUDE = `(send, print, done, now, seed) => {
  'use strict'
  // What code may put something else in the place of.
  const { Error, Promise, Proxy, Reflect, String, TypeError } = globalThis
  const { stringify, parse } = JSON
  const waiting = { __proto__: null }
  let last = 0

  const invoke = (name, given) => {
    const args = given[0] === undefined ? {} : given[0]
    const json = typeof args === 'object' ? stringify(args) : undefined
    if (given.length > 1 || json === undefined || json[0] !== '{') {
      throw new TypeError('tools.' + name + ' takes one object that holds its arguments by name, such as { id: 1 }')
    }
    const failure = new Error('')
    failure.name = 'ToolError'
    return new Promise((resolve, reject) => {
      last += 1
      waiting[last] = { resolve, reject, failure }
      send(last, name, json)
    })
  }
  const settle = (id, isOk, text) => {
    const { resolve, reject, failure } = waiting[id]
    delete waiting[id]
    if (isOk) return resolve(text === '' ? undefined : parse(text))
    failure.message = text
    reject(failure)
  }
  const never = () => false
  const shown = () => 'tools: call one by its name, as in await tools.name({ id: 1 })'
  const tools = new Proxy(Object.create(null), {
    get: (_, name) => {
      if (typeof name === 'string' && name !== 'then') return (...given) => invoke(name, given)
      return name === Symbol.toPrimitive ? shown : undefined
    },
    has: (_, name) => typeof name === 'string',
    set: never,
    defineProperty: never,
    deleteProperty: never,
  })

  const show = (value) => {
    try {
      if (value instanceof Error) return value.name + ': ' + value.message
      return typeof value === 'string' ? value : (stringify(value) ?? String(value))
    } catch {
      return asText(value)
    }
  }
  const asText = (value) => {
    try {
      return String(value)
    } catch {
      return 'something that cannot be shown'
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

  const told = (problem) => {
    try {
      return tell(problem)
    } catch {
      return stringify({ name: 'Thrown', message: 'an error that cannot be shown', stack: '' })
    }
  }
  const tell = (problem) =>
    problem instanceof Error
      ? stringify({ name: asText(problem.name), message: asText(problem.message), stack: asText(problem.stack) })
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
