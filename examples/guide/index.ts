// #region server
import { FastMCP } from '@fastmcp/ts'

export const mcp = new FastMCP({
  name: 'weather',
  version: '1.0.0',
  title: 'Weather',
  websiteUrl: 'https://example.com',
  instructions: 'Ask for a city first; forecasts need one.',
})
// #endregion
