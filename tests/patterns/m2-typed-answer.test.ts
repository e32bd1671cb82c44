import type { SamplingParams } from '@fastmcp/ts/client'
import { describeEras } from '@fastmcp/ts/testing/vitest'
import { expect, it } from 'vitest'
import { mcp } from '../../examples/patterns/m2-typed-answer.ts'

const VALID = { mood: 'happy', stars: 5, topics: ['soup'] }

/** A model that says these things in turn, and what it was asked. */
function model(...answers: readonly string[]) {
  const asked: SamplingParams[] = []
  const onSample = (request: SamplingParams): string => answers[asked.push(request) - 1] ?? ''
  return { asked, onSample }
}

describeEras('M2: a model that answers with data', (open) => {
  const review = 'The soup was great!'

  it('is told the schema, and its valid answer is the data', async () => {
    const { asked, onSample } = model(JSON.stringify(VALID))
    const { structured } = await (await open(mcp, { onSample })).callTool('read_review', { review })
    expect(structured).toEqual(VALID)
    expect(asked).toHaveLength(1)
    expect(asked[0]?.systemPrompt).toMatch(/^You read reviews.*Answer with JSON only.*"mood".*"angry".*"maximum":5/s)
  })

  it('is asked once more with the reason when the answer does not fit', async () => {
    const first = JSON.stringify({ ...VALID, stars: 9, mood: 'hungry' })
    const { asked, onSample } = model(first, `Sorry! \`\`\`json\n${JSON.stringify(VALID)}\n\`\`\``)
    const { structured } = await (await open(mcp, { onSample })).callTool('read_review', { review })
    expect(structured).toEqual(VALID)
    expect(asked).toHaveLength(2)
    expect(asked[1]?.messages).toMatchObject([
      { role: 'user', content: { text: review } },
      { role: 'assistant', content: [{ text: first }] },
      { role: 'user', content: { text: expect.stringMatching(/That does not fit: .*mood.*stars/s) } },
    ])
  })

  it('fails the call when it does not fit twice', async () => {
    const { asked, onSample } = model('Delicious!', JSON.stringify({ ...VALID, mood: 'hungry' }), JSON.stringify(VALID))
    const client = await open(mcp, { onSample })
    const result = await client.callTool('read_review', { review }, { throwOnError: false })
    expect([result.isError, result.text]).toEqual([true, expect.stringContaining('gave no answer that fits')])
    expect(asked).toHaveLength(2)
  })
})
