import { spawn } from 'node:child_process'

/** Runs a command to its end, or kills it; resolves with what it wrote, whatever its exit code. */
export function run(file, args, { timeoutMs, env = process.env }) {
  const child = spawn(file, args, { env, stdio: ['ignore', 'pipe', 'pipe'] })
  const output = { stdout: '', stderr: '' }
  for (const stream of ['stdout', 'stderr']) {
    child[stream].setEncoding('utf8')
    child[stream].on('data', (chunk) => {
      output[stream] += chunk
    })
  }
  return new Promise((resolve, reject) => {
    const late = setTimeout(() => child.kill('SIGKILL'), timeoutMs)
    child.on('error', reject)
    child.on('close', (code, signal) => {
      clearTimeout(late)
      resolve({ ...output, code: code ?? signal })
    })
  })
}
