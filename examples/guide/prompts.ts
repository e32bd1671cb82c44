import { FastMCP } from '@fastmcp/ts'
import { z } from 'zod'

export const mcp = new FastMCP({ name: 'reviews', version: '1.0.0' })

const languages = ['JavaScript', 'Python', 'Rust', 'TypeScript']

// #region review
mcp.prompt(
  'review',
  {
    description: 'Review code',
    input: z.object({ code: z.string(), language: z.string().optional() }),
    complete: { language: (typed) => languages.filter((language) => language.startsWith(typed)) },
  },
  ({ code, language = 'TypeScript' }) => `Review this ${language}:\n${code}`,
)
// #endregion
