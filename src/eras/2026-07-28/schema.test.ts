import * as official from '@modelcontextprotocol/core'
import { expect, it } from 'vitest'
import { application, eraOf, type Json, post, type Run, request, text } from '../../../tests/kit/stateless.ts'

const tool = { name: 'add', description: 'Adds', inputSchema: { type: 'object' as const } }
const run: Record<string, Run> = {
  'tools/list': () => ({ tools: [tool], nextCursor: 'more' }),
  'tools/call': ({ context }) => {
    context.progress(1, 2, 'half')
    context.log.info('working')
    return { ...text('done'), structuredContent: [1, 'two', null] }
  },
  'resources/list': () => ({ resources: [{ uri: 'test://a', name: 'a', size: 3 }] }),
  'resources/templates/list': () => ({ resourceTemplates: [{ uriTemplate: 'test://{id}', name: 'a' }] }),
  'resources/read': () => ({ contents: [{ uri: 'test://a', blob: 'AAAA' }] }),
  'prompts/list': () => ({ prompts: [{ name: 'a', arguments: [{ name: 'b', required: true }] }] }),
  'prompts/get': () => ({ messages: [{ role: 'user', content: { type: 'text', text: 'hi' } }] }),
  'completion/complete': () => ({ completion: { values: ['a'], total: 1, hasMore: false } }),
}

const cases: readonly (readonly [string, Json, { parse(value: unknown): unknown }])[] = [
  ['server/discover', {}, official.DiscoverResultSchema],
  ['tools/list', {}, official.ListToolsResultSchema],
  ['tools/call', { name: 'add' }, official.ResultSchema],
  ['resources/list', {}, official.ListResourcesResultSchema],
  ['resources/templates/list', {}, official.ListResourceTemplatesResultSchema],
  ['resources/read', { uri: 'test://a' }, official.ReadResourceResultSchema],
  ['prompts/list', {}, official.ListPromptsResultSchema],
  ['prompts/get', { name: 'a' }, official.GetPromptResultSchema],
  [
    'completion/complete',
    { ref: { type: 'ref/prompt', name: 'a' }, argument: { name: 'b', value: '' } },
    official.CompleteResultSchema,
  ],
]

it.each(cases)('what %s sends is valid by the official schemas', async (method, params, schema) => {
  const _meta = { progressToken: 1, 'io.modelcontextprotocol/logLevel': 'info' }
  const { body, exchange } = await post(eraOf(application({ run })), request(method, { ...params, _meta }))
  for (const message of [...exchange.messages, body]) official.JSONRPCMessageSchema.parse(message)
  official.JSONRPCResultResponseSchema.parse(body)
  expect(schema.parse(body.result)).toMatchObject({})
  expect(official.ResultMetaObjectSchema.parse((body.result as Json)._meta)).toHaveProperty([
    'io.modelcontextprotocol/serverInfo',
  ])
})

it('what is sent ahead of an answer, and on a subscription, is valid by the official schemas', async () => {
  const app = application({ run })
  const era = eraOf(app)
  const _meta = { progressToken: 1, 'io.modelcontextprotocol/logLevel': 'info' }
  const call = await post(era, request('tools/call', { name: 'add', _meta }))
  const [progress, log] = call.exchange.messages
  official.ProgressNotificationSchema.parse(progress)
  official.LoggingMessageNotificationSchema.parse(log)

  const notifications = {
    toolsListChanged: true,
    promptsListChanged: true,
    resourcesListChanged: true,
    resourceSubscriptions: ['test://a'],
  }
  const { exchange } = await post(era, request('subscriptions/listen', { notifications }, 'sub'))
  for (const kind of ['tool', 'prompt', 'resource'] as const) app.change({ kind })
  app.change({ kind: 'contents', uri: 'test://a' })
  era.close()
  const [acknowledged, tools, prompts, resources, updated, end] = exchange.messages
  expect(official.SubscriptionsAcknowledgedNotificationSchema.parse(acknowledged).params.notifications).toEqual(
    notifications,
  )
  official.ToolListChangedNotificationSchema.parse(tools)
  official.PromptListChangedNotificationSchema.parse(prompts)
  official.ResourceListChangedNotificationSchema.parse(resources)
  official.ResourceUpdatedNotificationSchema.parse(updated)
  official.SubscriptionsListenResultSchema.parse(end?.result)
})
