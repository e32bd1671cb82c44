/** Where a trace begins, in the languages that servers are written in. */
const TRACE =
  /(?:^|\s)(?:at (?:async |new )?[^\s(]+(?: \[as \S+\])? \((?:[^()\s]+:\d|<anonymous>|native)|at (?:file:\/\/|\/|[A-Za-z]:\\)|at [\w$.<>]+\([\w$.]+:\d+\)|Traceback \(most recent|File "[^"]*", line \d|goroutine \d+ \[|stack backtrace:|Stack trace:|#\d+ \/)/

/** Paths of files, as opposed to those of an API. */
const FILE =
  /(?:file:\/\/|(?<![\w/.-])[A-Za-z]:\\|(?<![\w:/.-])\/(?:app|builds?|code|etc|home|mnt|opt|private|proc|root|run|srv|tmp|Users|usr|var|workspace)\/)[^\s"'`,;()<>]*/g

/** Names and addresses that mean something only inside a network. */
const HOST =
  /(?<![\w.-])(?:(?:[\w-]{1,63}\.){1,9}(?:internal|local|localhost|lan|corp|intranet|private|svc)|localhost|(?:10|127|192\.168|169\.254|172\.(?:1[6-9]|2\d|3[01]))(?:\.\d{1,3}){2,3})(?![\w-]|\.\w)(?::\d{1,5})?/gi

/**
 * What a server says of its own failure, without what only its authors should see: traces, with all that comes behind them,
 * the places of files, and hosts inside its network.
 *
 * @example
 * withoutTraces('no such row in /srv/shop/db.js\n    at find (/srv/shop/db.js:12:9)') // 'no such row in [file]'
 */
export function withoutTraces(text: string): string {
  const begins = text.search(TRACE)
  return (begins < 0 ? text : text.slice(0, begins)).replace(FILE, '[file]').replace(HOST, '[host]').trim()
}
