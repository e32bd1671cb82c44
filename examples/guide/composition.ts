import {
  dereference,
  describe,
  FastMCP,
  hide,
  namespace,
  only,
  pipe,
  promptsAsTools,
  rename,
  resourcesAsTools,
  tag,
  versions,
  visibility,
} from '@fastmcp/ts'

// #region folder

import { filesystem } from '@fastmcp/ts/filesystem'

// #endregion

import { z } from 'zod'

// #region mount
const weather = new FastMCP({ name: 'weather', version: '1.0.0' })
weather.tool('forecast', { description: 'The weather of tomorrow' }, () => 'sunny')
weather.resource('data://today', {}, () => 'rain')

export const mcp = new FastMCP({ name: 'town', version: '1.0.0' })
mcp.mount('weather', weather) // the tool weather_forecast, the resource data://weather/today
// #endregion

export function plainly(): FastMCP {
  const town = new FastMCP({ name: 'town', version: '1.0.0' })
  // #region ways
  const stop = town.mount('north', weather, { separator: '.' }) // north.forecast
  town.mount('south', weather) // the same server once more: south_forecast
  town.mount(weather) // under its own names: forecast
  stop() // north.forecast is gone, and clients that listen are told
  // #endregion
  return town
}

/** A server of somebody else, with more than this one wants to show. */
export function tracker(): FastMCP {
  const server = new FastMCP({ name: 'tracker', version: '1.0.0' })
  server.tool('create_issue', { description: 'x' }, () => 'created')
  server.tool('list_issues', { description: 'x' }, () => 'none')
  server.tool('delete_issue', { description: 'x' }, () => 'deleted')
  server.tool('audit', { description: 'x', tags: ['internal'] }, () => 'audited')
  return server
}

export function changed(): FastMCP {
  const town = new FastMCP({ name: 'town', version: '1.0.0' })
  // #region pipe
  town.mount(
    'issues',
    pipe(
      tracker(),
      hide({ tags: ['internal'] }),
      tag(['write'], { names: ['create_*', 'delete_*'] }),
      rename({ create_issue: 'report' }),
      describe({ report: { description: 'Reports what is broken in town' } }),
    ),
  )
  // #endregion
  // #region transform
  town.transform(hide({ names: ['*_delete_issue'] }))
  // #endregion
  return town
}

// #region own
import type { Transform } from '@fastmcp/ts'

const readOnly: Transform = only(({ kind, definition }) => {
  return kind !== 'tool' || ('annotations' in definition && definition.annotations?.readOnlyHint === true)
})
// #endregion

export function careful(): FastMCP {
  const town = new FastMCP({ name: 'town', version: '1.0.0' })
  town.tool('look', { description: 'x', annotations: { readOnlyHint: true } }, () => 'seen')
  town.tool('change', { description: 'x' }, () => 'changed')
  town.transform(readOnly)
  return town
}

// #region versions
export const shop = new FastMCP({ name: 'shop', version: '2.0.0' })
shop.tool('pay', { description: 'Pays by card', version: '1.0.0' }, () => 'paid by card')
shop.tool('pay', { description: 'Pays by wallet', version: '2.0.0' }, () => 'paid by wallet')

export const v1 = new FastMCP({ name: 'shop', version: '1.0.0' })
v1.mount(pipe(shop, versions({ below: '2' })))
// #endregion

export function both(): FastMCP {
  const town = new FastMCP({ name: 'town', version: '1.0.0' })
  // #region ranges
  town.mount(pipe(shop, versions({ below: '2' }), namespace('v1')))
  town.mount(pipe(shop, versions({ from: '2' }), namespace('v2')))
  // #endregion
  return town
}

// #region visibility
const visible = visibility({ disabled: { tags: ['beta'] }, perSession: true })

export const club = new FastMCP({ name: 'club', version: '1.0.0' })
club.transform(visible)
club.tool('dance', { description: 'Dances', tags: ['beta'] }, () => 'dancing')
club.tool('join', { description: 'Shows what members see' }, (_args, ctx) => {
  visible.enable({ tags: ['beta'] }, { session: ctx.sessionId })
  return 'Welcome'
})
// #endregion

export function openToAll(): void {
  // #region everybody
  visible.enable({ tags: ['beta'] }) // for everybody
  club.disable('tool', 'join') // one component, by its name
  // #endregion
  visible.reset()
  club.enable('tool', 'join')
}

// #region folder
const found = filesystem(new URL('./folder', import.meta.url), { watch: false })

export const rooms = new FastMCP({ name: 'rooms', version: '1.0.0' })
rooms.mount(found)
// #endregion

// #region as-tools
export const library = new FastMCP({ name: 'library', version: '1.0.0' })
library.resource('books://{id}', { description: 'A book' }, ({ id }) => `Book ${id}`)
library.prompt('recommend', { input: z.object({ mood: z.string() }) }, ({ mood }) => `A book for a ${mood} day`)

library.transform(resourcesAsTools(), promptsAsTools())
// #endregion

// #region nested
library.tool('open_book', { description: 'Opens a book' }, async (_args, ctx) => {
  const { contents } = await ctx.readResource('books://7')
  const { messages } = await ctx.server.getPrompt('recommend', { mood: 'rainy' })
  return [contents.length, messages.length]
})
// #endregion

// #region dereference
library.transform(dereference())
// #endregion
