import { askForm, inputRequired, tool } from '@fastmcp/ts'
import { z } from 'zod'

const NAME = z.object({ name: z.string() })
const OK = z.object({ ok: z.boolean() })

/** Tools whose questions carry the keys that a client of the stateless era gets to see. */
export const roundTools = [
  tool('test_input_required_result_elicitation', { description: 'Asks for a name' }, async (_, ctx) => {
    const answer = await ctx.elicit('What is your name?', NAME, { key: 'user_name' })
    return `Hello, ${answer.action === 'accept' ? answer.content.name : 'stranger'}!`
  }),
  tool('test_input_required_result_sampling', { description: 'Asks a model for a capital' }, async (_, ctx) => {
    const question = { messages: 'What is the capital of France?', maxTokens: 100 }
    const { text } = await ctx.sample(question, { key: 'capital_question' })
    return `The model says: ${text}`
  }),
  tool('test_input_required_result_list_roots', { description: 'Asks where it may work' }, async (_, ctx) => {
    const roots = await ctx.roots({ key: 'client_roots' })
    return `Roots: ${roots.map(({ uri }) => uri).join(', ')}`
  }),
  tool('test_input_required_result_request_state', { description: 'Finds its own state again' }, (_, ctx) => {
    const { confirm } = ctx.inputResponses
    if (confirm !== undefined && ctx.requestState === 'asked') return 'state-ok'
    return inputRequired({ inputRequests: { confirm: askForm('Please confirm', OK) }, state: 'asked' })
  }),
  tool('test_input_required_result_multiple_inputs', { description: 'Asks three things at once' }, async (_, ctx) => {
    const [name, greeting, roots] = await Promise.all([
      ctx.elicit('What is your name?', NAME, { key: 'user_name' }),
      ctx.sample({ messages: 'Generate a greeting', maxTokens: 50 }, { key: 'greeting' }),
      ctx.roots({ key: 'client_roots' }),
    ])
    return `${greeting.text} (${name.action}, ${roots.length} roots)`
  }),
  tool('test_input_required_result_multi_round', { description: 'Asks one thing after the other' }, async (_, ctx) => {
    const name = await ctx.elicit('Step 1: What is your name?', NAME, { key: 'step1' })
    const form = z.object({ color: z.string() })
    const color = await ctx.elicit('Step 2: What is your favorite color?', form, { key: 'step2' })
    return `Name: ${JSON.stringify(name)}, color: ${JSON.stringify(color)}`
  }),
  tool('test_input_required_result_tampered_state', { description: 'Believes only its own state' }, async (_, ctx) => {
    const answer = await ctx.elicit('Please confirm', OK, { key: 'confirm' })
    return `The state is as it was, and the answer is ${answer.action}`
  }),
  tool(
    'test_input_required_result_capabilities',
    { description: 'Asks what the client can answer' },
    async (_, ctx) => {
      if (ctx.client.can('elicitation')) {
        const { action } = await ctx.elicit('What is your name?', NAME, { key: 'user_name' })
        return `The person said: ${action}`
      }
      const { text } = await ctx.sample({ messages: 'Say something', maxTokens: 50 }, { key: 'capability_question' })
      return `The model said: ${text}`
    },
  ),
]
