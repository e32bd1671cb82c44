/** The middle value. */
export function median(numbers) {
  const sorted = [...numbers].sort((a, b) => a - b)
  const middle = sorted.length >> 1
  return sorted.length % 2 === 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2
}

/** Medians, spreads and ratios to the bare server, from `rates[match][contender]`, one entry per round. */
export function summarise(matches, contenders, rates) {
  return matches.map((match) => ({
    id: match.id,
    tools: match.count,
    rows: match.who
      .filter((id) => rates[match.id][id] !== undefined)
      .map((id) => {
        const what = contenders.find((contender) => contender.id === id).what()
        return { id, what, ...figures(rates[match.id][id], rates[match.id].bare) }
      }),
  }))
}

function figures(rounds, bare) {
  const rates = rounds.map(({ perSecond }) => perSecond)
  const micros = microsOf(rounds)
  return {
    perSecond: Math.round(median(rates)),
    lowest: Math.round(Math.min(...rates)),
    highest: Math.round(Math.max(...rates)),
    ofBare: ratio(rounds, bare),
    micros: micros.length > 0 ? Math.round(median(micros) * 10) / 10 : undefined,
  }
}

const TARGETS = [
  { what: 'tools/call, stateless, to bare', match: 'tools/call', us: 'ours', them: ['bare'], least: 0.65 },
  { what: 'tools/call, stateful, to bare', match: 'tools/call', us: 'ours-stateful', them: ['bare'], least: 0.65 },
  { what: 'tools/call, 3 middlewares, to bare', match: 'tools/call', us: 'ours-layers', them: ['bare'] },
  {
    what: 'tools/call to SDK v2 as documented',
    match: 'tools/call',
    us: 'ours',
    them: ['sdk', 'sdk-stateful'],
    least: 20,
  },
  { what: 'tools/call to mcp-lite', match: 'tools/call', us: 'ours', them: ['mcp-lite'], least: 1.5 },
  { what: 'tools/call, stateless, to the other build', match: 'tools/call', us: 'ours', them: ['other'], least: 0.95 },
  {
    what: 'tools/call, stateful, to the other build',
    match: 'tools/call',
    us: 'ours-stateful',
    them: ['other-stateful'],
    least: 0.95,
  },
  { what: 'tools/list, stateless, to bare', match: 'tools/list', us: 'ours', them: ['bare'], least: 2 },
  { what: 'tools/list, stateful, to bare', match: 'tools/list', us: 'ours-stateful', them: ['bare'], least: 2 },
  { what: 'tools/list of 52 to prepared bytes', match: 'tools/list', us: 'ours', them: ['bare-bytes'] },
  {
    what: 'a proxy to the same of the official client and server',
    match: 'proxy',
    us: 'proxy',
    them: ['sdk-proxy'],
    least: 2,
  },
  { what: 'tools/list of 520 to prepared bytes', match: 'tools/list of 520', us: 'ours', them: ['bare-bytes'] },
  {
    what: 'tools/call through one of 50 mounts, to ten tools of its own',
    match: 'mounts',
    us: 'mounts',
    them: ['flat'],
    least: 0.83,
    by: 'processor',
  },
  {
    what: 'one page of 5,000 tools of 50 mounts, to the only page of ten',
    match: 'mounts, one page',
    us: 'mounts',
    them: ['flat'],
    least: 0.83,
    by: 'processor',
  },
]

/**
 * What was promised, and what was measured: the median over the rounds of the ratio within each
 * round, against the faster where there are two. `byProcessor` is the same ratio in processor
 * time, which a busy machine disturbs less.
 */
export function targets(rates) {
  return TARGETS.flatMap(({ what, match, us, them, least, by }) => {
    const ours = rates[match]?.[us]
    const others = them.map((id) => rates[match]?.[id]).filter((one) => one !== undefined)
    if (ours === undefined || others.length === 0) return []
    const measured = Math.min(...others.map((other) => ratio(ours, other)))
    const byProcessor = Math.min(...others.map((other) => median(microsOf(other)) / median(microsOf(ours))))
    // What is small beside what a busy machine does to a clock is judged by processor time.
    const judged = by === 'processor' && Number.isFinite(byProcessor) ? byProcessor : measured
    return [{ what, measured, byProcessor, least, met: least === undefined || judged >= least }]
  })
}

/** What something may cost at most, in processor microseconds per request more than without. */
const COSTS = [
  {
    what: 'errors, logging, timing, rateLimit, cache (miss) around tools/call',
    match: 'tools/call',
    us: 'ours-kit',
    without: 'ours',
    most: 25,
  },
]

/**
 * What was promised to cost at most, and what it costs in processor time: over all rounds together, for the clock of the
 * processor ticks a hundred times a second, and a short round on a busy machine has few ticks.
 */
export function costs(rates) {
  return COSTS.flatMap(({ what, match, us, without, most }) => {
    const [dear, cheap] = [rates[match]?.[us], rates[match]?.[without]]
    if (dear === undefined || cheap === undefined) return []
    const measured = wholeMicros(dear) - wholeMicros(cheap)
    return [{ what, measured, most, met: measured <= most }]
  })
}

/** How much longer a call may take than without, in milliseconds, one call after another. */
const DELAYS = [
  {
    what: 'a proxy in front of a server on the same machine',
    match: 'proxy, one connection',
    us: 'proxy',
    without: 'behind',
    most: 1,
  },
]

/** What was promised to take at most so much longer, and the median over the rounds of what it takes. */
export function delays(rates) {
  return DELAYS.flatMap(({ what, match, us, without, most }) => {
    const [long, short] = [rates[match]?.[us], rates[match]?.[without]]
    if (long === undefined || short === undefined) return []
    const measured = median(long.map(({ p50 }, round) => p50 - short[round].p50))
    return [{ what, measured, most, met: measured <= most }]
  })
}

function wholeMicros(rounds) {
  const counted = rounds.filter(({ micros }) => micros !== undefined)
  const answers = counted.reduce((sum, round) => sum + round.answers, 0)
  return counted.reduce((sum, round) => sum + round.micros * round.answers, 0) / answers
}

const ratio = (some, others) => median(some.map(({ perSecond }, round) => perSecond / others[round].perSecond))

const microsOf = (rounds) => rounds.map(({ micros }) => micros).filter((one) => one !== undefined)

/** The run as Markdown, for the terminal and for the record. */
export function markdown({ summary, judged, paid = [], added = [], setting }) {
  const lines = [setting]
  for (const { id, tools, rows } of summary) {
    lines.push('', `### ${id}, ${tools} tools registered`, '')
    lines.push('| server | requests/s | lowest to highest round | of bare | processor µs per request |')
    lines.push('|---|--:|--:|--:|--:|')
    for (const { what, perSecond, lowest, highest, ofBare, micros } of rows) {
      lines.push(`| ${what} | ${perSecond} | ${lowest} to ${highest} | ${ofBare.toFixed(2)} | ${micros ?? ''} |`)
    }
  }
  lines.push('', '### Targets', '', '| ratio | in requests/s | in processor time | target |', '|---|--:|--:|--:|')
  for (const { what, measured, byProcessor, least, met } of judged) {
    const goal = least === undefined ? '' : `${least}${met ? '' : ' (missed)'}`
    const processor = Number.isFinite(byProcessor) ? byProcessor.toFixed(2) : ''
    lines.push(`| ${what} | ${measured.toFixed(2)} | ${processor} | ${goal} |`)
  }
  if (paid.length > 0) lines.push('', '| what it costs | processor µs per request | at most |', '|---|--:|--:|')
  for (const { what, measured, most, met } of paid) {
    lines.push(
      `| ${what} | ${Number.isFinite(measured) ? measured.toFixed(1) : ''} | ${most}${met ? '' : ' (missed)'} |`,
    )
  }
  if (added.length > 0) lines.push('', '| what it adds | ms per call, p50 | at most |', '|---|--:|--:|')
  for (const { what, measured, most, met } of added) {
    lines.push(`| ${what} | ${measured.toFixed(2)} | ${most}${met ? '' : ' (missed)'} |`)
  }
  return lines.join('\n')
}
