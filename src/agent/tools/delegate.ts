/** A short question to a second conversation of the same model, whose steps do not fill the window of the first. */

import { z } from 'zod'
import { nobody, type Talk } from '../talk/talk.ts'
import { turn } from '../talk/turn.ts'
import { defineTool, type Tool } from './tool.ts'

const mostSteps = 25

const role =
  'You answer one question for another agent, with the tools that you have. Look where it says, find out what is asked, and answer in a few sentences with what you found and where. You change nothing unless you are told to. Nobody can answer you.'

/** `of` is what both conversations share; `tools` are those that the second one has, this one not among them. */
export function delegateTool(
  of: Omit<Talk, 'instructions' | 'tools' | 'messages'>,
  tools: readonly Tool[],
): Tool {
  return defineTool({
    name: 'delegate',
    says: `Ask a helper a question whose answer is short but takes many steps to find, such as which of these files mentions invoices. It has ${tools.map(({ name }) => name).join(', ') || 'no tools'}, has not seen this conversation, and can ask nothing back. It is no place for work of its own: that is a task.`,
    input: z.object({
      question: z.string().min(1).describe('everything that the helper must know'),
    }),
    about: ({ question }) => question,
    async run({ question }, signal) {
      const { listener } = of
      const second: Talk = {
        ...of,
        instructions: role,
        tools,
        messages: [{ role: 'user', content: question }],
        listener: { ...nobody, again: listener.again, calling: listener.calling },
      }
      const end = await turn(second, { left: mostSteps }, signal)
      if (end.how === 'said') return end.text
      return { text: `the helper had no answer after ${mostSteps} steps`, failed: true }
    },
  })
}
