/** What answers requests by itself: a Hono, h3 or Elysia app, or what a Worker exports. */
export interface App {
  fetch(request: Request, ...rest: never[]): Response | Promise<Response>
}

/** Whether a source of an API is the program that serves it. */
export function isApp(source: unknown): source is App {
  const canHaveMembers = (typeof source === 'object' && source !== null) || typeof source === 'function'
  return canHaveMembers && 'fetch' in source && typeof source.fetch === 'function'
}
