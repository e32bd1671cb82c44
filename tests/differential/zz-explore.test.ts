import { writeFileSync } from 'node:fs'
import fc from 'fast-check'
import { it } from 'vitest'
import { tell } from './answer.ts'
import { cases } from './cases.ts'
import { agree, normalised } from './normalise.ts'
import { createPair } from './registry.ts'

it('explores', async () => {
  const pair = createPair()
  let out = ''
  for (const era of ['stateless', 'stateful'] as const) {
    const n = Number(process.env.N ?? 300)
    const kinds = new Map<string, any[]>()
    for (const one of fc.sample(cases(era), { numRuns: n, seed: Number(process.env.SEED ?? 1) })) {
      const [a, b] = [await tell(pair.ours, one), await tell(pair.official, one)]
      const s = (t: any) =>
        `${t.status} ${t.messages.map((m: any) => (m?.error ? 'E' + m.error.code : m?.result ? (m.result.isError ? 'isError' : 'ok') : (m?.method ?? JSON.stringify(m)))).join(',')}`
      const key = agree(a, b) ? 'same' : `ours ${s(a)} | official ${s(b)}`
      const list = kinds.get(key) ?? []
      list.push({ one, a, b })
      kinds.set(key, list)
    }
    for (const [key, list] of [...kinds].sort((x, y) => y[1].length - x[1].length)) {
      out += `## ${era}: ${key} ${list.length}\n`
      if (key !== 'same')
        for (const { one, a, b } of list.sort((x, y) => x.one.body.length - y.one.body.length).slice(0, 6))
          out +=
            '     ' +
            one.verb +
            ' ' +
            JSON.stringify(one.headers)
              .replace('"content-type":"application/json",', '')
              .replace('"accept":"application/json, text/event-stream",', '') +
            ' ' +
            one.body
              .replace(
                '"io.modelcontextprotocol/protocolVersion":"2026-07-28","io.modelcontextprotocol/clientInfo":{"name":"twin-client","version":"1.0.0"},"io.modelcontextprotocol/clientCapabilities":{}',
                'META',
              )
              .slice(0, 300) +
            '\n        O: ' +
            JSON.stringify(a.messages).slice(0, 170) +
            '\n        T: ' +
            JSON.stringify(b.messages).slice(0, 170) +
            '\n'
    }
  }
  writeFileSync('/tmp/explore.txt', out)
}, 600000)
