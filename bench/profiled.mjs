import { writeFileSync } from 'node:fs'
import { Session } from 'node:inspector'

// Loaded before a contender that is profiled. The profile begins at SIGUSR2, when everything is
// compiled and warm, and is written at SIGTERM.
const session = new Session()

process.on('SIGUSR2', () => {
  session.connect()
  session.post('Profiler.enable')
  session.post('Profiler.setSamplingInterval', { interval: 200 })
  session.post('Profiler.start')
})

process.on('SIGTERM', () => {
  session.post('Profiler.stop', (problem, answer) => {
    if (problem === null) writeFileSync(process.env.BENCH_PROFILE, JSON.stringify(answer.profile))
    process.exit(0)
  })
})
