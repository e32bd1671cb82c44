import { audio, file, image, text, tool } from '@fastmcp/ts'
import { z } from 'zod'
import { PIXEL, SILENCE } from './samples.ts'

const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms))

/** Every kind of content that a tool can return. */
export const contentTools = [
  tool('test_simple_text', { description: 'Returns a sentence' }, () => 'This is a simple text response for testing.'),
  tool('test_image_content', { description: 'Returns a picture' }, () => image(PIXEL)),
  tool('test_audio_content', { description: 'Returns sound' }, () => audio(SILENCE, { mimeType: 'audio/wav' })),
  tool('test_embedded_resource', { description: 'Returns a file' }, () =>
    file('test://embedded-resource', { text: 'This is an embedded resource content.', mimeType: 'text/plain' }),
  ),
  tool('test_multiple_content_types', { description: 'Returns text, a picture and a file' }, () => [
    text('Multiple content types test:'),
    image(PIXEL),
    file('test://mixed-content-resource', { text: '{"test":"data","value":123}', mimeType: 'application/json' }),
  ]),
  tool('test_error_handling', { description: 'Fails, always' }, () => {
    throw new Error('This tool intentionally returns an error for testing')
  }),
]

/** Tools that speak while they work. */
export const talkativeTools = [
  tool('test_tool_with_progress', { description: 'Reports progress three times' }, async (_, ctx) => {
    for (const done of [0, 50, 100]) {
      ctx.progress(done, 100, `Completed ${done} of 100`)
      await pause(50)
    }
    return 'Done'
  }),
  tool('test_tool_with_logging', { description: 'Logs three messages' }, async (_, ctx) => {
    for (const message of ['Tool execution started', 'Tool processing data', 'Tool execution completed']) {
      ctx.log.info(message)
      await pause(50)
    }
    return 'Logged three messages'
  }),
  tool('test_logging_tool', { description: 'Logs, which only clients that asked for it hear' }, (_, ctx) => {
    ctx.log.info('Nobody hears this unless the request says so')
    return 'Logged'
  }),
  tool('test_reconnection', { description: 'Lets go of its client, who comes back for the answer' }, async (_, ctx) => {
    ctx.closeStream()
    await pause(100)
    return 'Welcome back'
  }),
]

/** Tools whose definition is what matters. */
export const describedTools = [
  tool(
    'json_schema_2020_12_tool',
    {
      description: 'Takes raw JSON Schema with references, conditions and anchors',
      input: {
        $schema: 'https://json-schema.org/draft/2020-12/schema',
        type: 'object',
        $defs: {
          address: {
            $anchor: 'addressDef',
            type: 'object',
            properties: { street: { type: 'string' }, city: { type: 'string' } },
          },
        },
        properties: {
          name: { type: 'string' },
          address: { $ref: '#/$defs/address' },
          contactMethod: { type: 'string', enum: ['phone', 'email'] },
          phone: { type: 'string' },
          email: { type: 'string' },
        },
        allOf: [{ anyOf: [{ required: ['phone'] }, { required: ['email'] }] }],
        if: { properties: { contactMethod: { const: 'phone' } }, required: ['contactMethod'] },
        // biome-ignore lint/suspicious/noThenProperty: a keyword of JSON Schema
        then: { required: ['phone'] },
        else: { required: ['email'] },
        additionalProperties: false,
      },
    },
    (contact) => contact,
  ),
  tool(
    'test_x_mcp_header',
    {
      description: 'Has an argument that also travels as a header',
      input: z.object({
        region: z.string().meta({ description: 'Where to look', 'x-mcp-header': 'Region' }),
        level: z.number().int().optional(),
      }),
    },
    ({ region, level = 0 }) => `Looked in ${region} on level ${level}`,
  ),
]
