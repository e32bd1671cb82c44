/**
 * A tool of several steps: each gets what it makes of the arguments and earlier results, may end the work, and may ask.
 * What is done is done once, also where the handler is run again for an answer.
 *
 *     npx fastmcp call examples/patterns/o2-workflow-tool.ts sign_up email=ada@example.com
 */
import { FastMCP, ToolError } from '@fastmcp/ts'
import { workflow } from '@fastmcp/ts/resilience'
import { z } from 'zod'

export const mcp = new FastMCP({ name: 'customers', version: '1.0.0' })

const input = z.object({ email: z.email() })
const Plan = z.object({ plan: z.enum(['free', 'team']) })

// #region workflow
const signUp = { description: 'Signs a customer up', input }
mcp.tool(
  'sign_up',
  signUp,
  workflow('sign_up', [
    { name: 'account', input: ({ args }) => args.email, run: (email) => createAccount(email) },
    {
      name: 'plan',
      run: async (_, ctx) => {
        const answer = await ctx.elicit('Which plan?', Plan)
        return answer.action === 'accept' ? answer.content.plan : null
      },
      continueIf: (plan) => plan !== null,
    },
    {
      name: 'welcome',
      input: ({ args, results }) => ({ to: args.email, account: results.account.id, plan: results.plan }),
      run: (letter) => send(letter),
    },
  ]),
)
// #endregion

/** Stand for services: what was made, and what was sent. */
export const accounts: string[] = []
export const letters: unknown[] = []

async function createAccount(email: string): Promise<{ id: number }> {
  return { id: accounts.push(email) }
}

async function send(letter: { readonly to: string }): Promise<string> {
  if (letter.to.endsWith('@nowhere.example')) throw new ToolError('API_ERROR', `No mailbox ${letter.to}`)
  letters.push(letter)
  return 'sent'
}
