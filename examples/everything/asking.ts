import { type Elicited, McpError, prompt, tool } from '@fastmcp/ts'
import { z } from 'zod'

const NAME = z.object({ name: z.string() })

const told = ({ action, ...rest }: Elicited<unknown>): string => {
  const content = 'content' in rest ? rest.content : {}
  return `action=${action}, content=${JSON.stringify(content)}`
}

/** Tools that ask a person or a model and wait for the answer, as it is done in either era. */
export const askingTools = [
  tool(
    'test_sampling',
    { description: "Asks the client's model", input: z.object({ prompt: z.string() }) },
    async (given, ctx) => {
      const { text } = await ctx.sample({ messages: given.prompt, maxTokens: 100 })
      return `LLM response: ${text}`
    },
  ),
  tool(
    'test_elicitation',
    { description: 'Asks for a name and an address', input: z.object({ message: z.string() }) },
    async ({ message }, ctx) => {
      const form = z.object({ username: z.string().describe("User's response"), email: z.string() })
      return `User response: ${told(await ctx.elicit(message, form))}`
    },
  ),
  tool('test_elicitation_sep1034_defaults', { description: 'Asks with every field filled in' }, async (_, ctx) => {
    const form = z.object({
      name: z.string().default('John Doe'),
      age: z.int().default(30),
      score: z.number().default(95.5),
      status: z.enum(['active', 'inactive', 'pending']).default('active'),
      verified: z.boolean().default(true),
    })
    return `Elicitation completed: ${told(await ctx.elicit('Check your details', form))}`
  }),
  tool('test_elicitation_sep1330_enums', { description: 'Asks for choices of every form' }, async (_, ctx) => {
    return `Elicitation completed: ${told(await ctx.elicit('Choose', CHOICES))}`
  }),
  tool(
    'test_streaming_elicitation',
    { description: 'Asks in the middle of an answer' },
    async (_, ctx) => `User response: ${told(await ctx.elicit('What is your name?', NAME))}`,
  ),
  tool('test_missing_capability', { description: 'Works only with clients that can sample' }, (_, ctx) => {
    if (ctx.client.can('sampling')) return 'The client can sample'
    throw new McpError('MISSING_CLIENT_CAPABILITY', 'This tool needs a client that can sample', {
      data: { requiredCapabilities: { sampling: {} } },
    })
  }),
]

/** The forms of choice, of which a schema library writes only some. */
const CHOICES = {
  type: 'object',
  properties: {
    untitledSingle: { type: 'string', enum: ['option1', 'option2', 'option3'] },
    titledSingle: {
      type: 'string',
      oneOf: [
        { const: 'value1', title: 'First Option' },
        { const: 'value2', title: 'Second Option' },
        { const: 'value3', title: 'Third Option' },
      ],
    },
    legacyEnum: {
      type: 'string',
      enum: ['opt1', 'opt2', 'opt3'],
      enumNames: ['Option One', 'Option Two', 'Option Three'],
    },
    untitledMulti: { type: 'array', items: { type: 'string', enum: ['option1', 'option2', 'option3'] } },
    titledMulti: {
      type: 'array',
      items: {
        anyOf: [
          { const: 'value1', title: 'First Choice' },
          { const: 'value2', title: 'Second Choice' },
          { const: 'value3', title: 'Third Choice' },
        ],
      },
    },
  },
} as const

/** A prompt that asks before it is filled in. */
export const askingPrompt = prompt(
  'test_input_required_result_prompt',
  { description: 'A prompt that asks what it is for' },
  async (_, ctx) => {
    const form = z.object({ context: z.string() })
    const answer = await ctx.elicit('What context should the prompt use?', form, { key: 'user_context' })
    return `Use this context: ${answer.action === 'accept' ? answer.content.context : 'none'}`
  },
)
