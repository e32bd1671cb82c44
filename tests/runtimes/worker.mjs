// The fixture as a worker, but for its files; at `/doors` it tells what the scenarios of the doors found wrong.
import { mcp } from '../../examples/everything/everything.ts'
import { doors } from './doors.mjs'

export default {
  async fetch(request, environment, execution) {
    if (new URL(request.url).pathname === '/doors') return Response.json(await doors())
    return mcp.fetch(request, environment, execution)
  },
}
