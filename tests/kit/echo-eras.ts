import type { Awaitable } from '../../src/engine/call.ts'
import type { Wire } from '../../src/eras/era.ts'
import type { Answer, Exchange, Reply } from '../../src/eras/exchange.ts'
import type { Connection, Eras } from '../../src/eras/negotiate.ts'

/** Eras that do as a test says, for tests of what lies between them and the client. */
export interface EchoEras extends Eras {
  /** Every exchange that came through. */
  readonly exchanges: Exchange[]
  /** Every line that came over connections. */
  readonly lines: string[]
  /** The connections' sending ends. */
  readonly wires: Wire[]
  isClosed: boolean
  isBusy: boolean
  closedBecause: Error | undefined
  answer: (exchange: Exchange) => Awaitable<Answer>
  take: (text: string, wire: Wire) => void
}

/** Answers an exchange with its verb and text, and a line with itself. */
export function echoEras(): EchoEras {
  const eras: EchoEras = {
    revisions: [],
    exchanges: [],
    lines: [],
    wires: [],
    isClosed: false,
    isBusy: false,
    closedBecause: undefined,
    answer: echo,
    take: (text, wire) => wire.send(text),
    exchange(exchange) {
      eras.exchanges.push(exchange)
      return eras.answer(exchange)
    },
    connect: (wire): Connection => {
      eras.wires.push(wire)
      return {
        get busy() {
          return eras.isBusy
        },
        receive(text) {
          eras.lines.push(text)
          eras.take(text, wire)
        },
        close(reason) {
          eras.closedBecause = reason ?? new Error('closed')
        },
      }
    },
    close() {
      eras.isClosed = true
    },
  }
  return eras
}

function echo({ verb, text, auth }: Exchange): Reply {
  return { status: 200, body: JSON.stringify({ verb, text, ...(auth && { subject: auth.subject }) }) }
}

/** A promise to settle by hand. */
export function deferred<T = void>(): { readonly promise: Promise<T>; readonly resolve: (value: T) => void } {
  let resolve: (value: T) => void = () => undefined
  const promise = new Promise<T>((settle) => {
    resolve = settle
  })
  return { promise, resolve }
}
