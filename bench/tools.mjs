import { z } from 'zod'

/** What every contender's tools do, so that all of them do the same work. */
export const describeForecast = ({ city, days, units, tags }) =>
  `${city}: ${days} days in ${units}, ${tags.join(' and ')}`

/** The arguments of every tool. */
export const Forecast = z.object({
  city: z.string().min(1).describe('Name of the city'),
  days: z.number().int().min(1).max(14).describe('How many days ahead'),
  units: z.enum(['celsius', 'fahrenheit']),
  tags: z.array(z.string()).max(8),
})

/** A second schema object of the same shape, so that no contender wins by caching one schema. */
const forecastSchema = () => z.object(Forecast.shape)

/** Name, description and schema of `count` tools. */
export function tools(count) {
  return Array.from({ length: count }, (_, i) => ({
    name: `forecast_${i}`,
    description: `Forecast number ${i}: weather for a city, some days ahead`,
    input: forecastSchema(),
  }))
}

/** The same tools as a hand-written server would list them. */
export function listed(count) {
  return tools(count).map(({ name, description, input }) => ({
    name,
    description,
    inputSchema: z.toJSONSchema(input, { io: 'input' }),
  }))
}

/** The tool that is called; in the middle of the list. */
export const CALLED = 'forecast_26'
/** What it is called with. */
export const ARGUMENTS = { city: 'Reykjavík', days: 5, units: 'celsius', tags: ['wind', 'tide'] }
