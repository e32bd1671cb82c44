/**
 * Headers of every event stream: no cache keeps it and no proxy holds it back. In lower case, as
 * the eras write theirs, so that merging the two leaves each name once.
 */
export const STREAM_HEADERS: Readonly<Record<string, string>> = {
  'content-type': 'text/event-stream',
  'cache-control': 'no-cache',
  'x-accel-buffering': 'no',
}
