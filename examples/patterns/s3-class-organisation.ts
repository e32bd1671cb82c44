/**
 * A class whose methods are the tools and resources of the server in its field. Arrow functions keep `this`.
 *
 *     npx fastmcp run examples/patterns/s3-class-organisation.ts
 */
import { FastMCP } from '@fastmcp/ts'
import { z } from 'zod'

// #region class
export class WeatherStation {
  readonly mcp = new FastMCP({ name: 'station', version: '1.0.0' })
  readonly #readings = [21]

  constructor() {
    this.mcp.tool('latest', { description: 'The last reading, in degrees' }, () => this.latest())
    this.mcp.tool('record', { description: 'Adds a reading', input: z.object({ degrees: z.number() }) }, (reading) =>
      this.record(reading),
    )
    this.mcp.resource('station://readings', { mimeType: 'application/json' }, () => this.#readings)
  }

  latest(): number {
    return this.#readings.at(-1) ?? 0
  }

  record({ degrees }: { readonly degrees: number }): string {
    this.#readings.push(degrees)
    return `Recorded ${degrees}`
  }
}

export const { mcp } = new WeatherStation()
// #endregion
