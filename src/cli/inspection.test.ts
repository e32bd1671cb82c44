import { expect, it } from 'vitest'
import { problemsOf } from './inspection.ts'
import { showInspection } from './show-inspection.ts'

const schema = { type: 'object' } as const
const listing = {
  tools: [
    { name: 'bare', inputSchema: schema },
    { name: 'bad', description: 'Bad', inputSchema: { ...schema, required: ['x'], properties: {} } },
    { name: 'bad', description: 'Again', inputSchema: schema, outputSchema: { type: 'strnig' } },
  ],
  resources: [{ uri: 'a://b', name: 'b', mimeType: 'text/plain', description: 'Two\nlines \u001b[31m' }],
  templates: [],
  prompts: [{ name: 'ask', arguments: [{ name: 'code', required: true }, { name: 'style' }] }],
}
const problems = [
  'tool bad: inputSchema: requires "x", which it does not describe',
  'tool bad: outputSchema: type "strnig" is not a JSON Schema type',
  'tool bare: has no description',
  'tool bad: is listed twice',
]

it('finds problems in schemas, missing descriptions, and names listed twice', () => {
  expect(problemsOf(listing)).toEqual(problems)
})

it('is shown whole, and safe for a terminal', () => {
  const inspection = {
    ...listing,
    server: undefined,
    era: 'stateless',
    revision: 'today',
    capabilities: { tools: {} },
    instructions: 'One\nTwo',
    counts: { tools: 3, resources: 1, templates: 0, prompts: 1 },
    problems,
  } as const
  expect(showInspection(inspection, (_, text) => text)).toBe(`Server        (says nothing)
Era           stateless, revision today
Capabilities  tools
Offers        3 tools, 1 resource, 0 templates, 1 prompt
Instructions
  One
  Two

Tools (3)
  bare
  bad
    Bad
  bad
    Again

Resources (1)
  a://b  text/plain
    Two
    lines \\u001b[31m

Prompts (1)
  ask
      code   string  required
      style  string  optional

Problems (4)
  ${problems.join('\n  ')}`)
})
