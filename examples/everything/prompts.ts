import { file, image, prompt } from '@fastmcp/ts'
import { z } from 'zod'
import { PIXEL } from './samples.ts'

const WORDS = ['paris', 'park', 'party']

/** Prompts without and with arguments, and with content other than text. */
export const prompts = [
  prompt(
    'test_simple_prompt',
    { description: 'A prompt without arguments' },
    () => 'This is a simple prompt for testing.',
  ),
  prompt(
    'test_prompt_with_arguments',
    {
      description: 'A prompt that repeats its arguments',
      input: z.object({ arg1: z.string().describe('First argument'), arg2: z.string().describe('Second argument') }),
      complete: { arg1: WORDS, arg2: (typed, { others }) => (others.arg1 ? [`${others.arg1}-${typed}`] : []) },
    },
    ({ arg1, arg2 }) => `Prompt with arguments: arg1='${arg1}', arg2='${arg2}'`,
  ),
  prompt(
    'test_prompt_with_embedded_resource',
    {
      description: 'A prompt that carries a file',
      input: z.object({ resourceUri: z.string().describe('URI of the file') }),
    },
    ({ resourceUri }) => [
      file(resourceUri, { text: 'Embedded resource content for testing.', mimeType: 'text/plain' }),
      'Please process the embedded resource above.',
    ],
  ),
  prompt('test_prompt_with_image', { description: 'A prompt that carries a picture' }, () => [
    image(PIXEL),
    'Please analyze the image above.',
  ]),
]
