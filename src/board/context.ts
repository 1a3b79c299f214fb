/** One text that tells a worker everything about its task, within bounds that a model can read. */

import { byteLength } from '../lib/text.ts'
import type { Reader } from '../store/store.ts'
import { attempts } from './context/attempts.ts'
import { discussion } from './context/discussion.ts'
import { handoffs } from './context/handoffs.ts'
import { roleHistory } from './context/role.ts'
import type { Section } from './context/section.ts'
import { taskFacts } from './context/task.ts'

const limit = 64 * 1024

/** What goes first when all of it is too long. The head and the body, each bounded, always fit. */
const cutOrder = ['attempts', 'role', 'parents', 'comments'] as const

/** Reads one snapshot. Text of people and agents stands in labelled fences, where it cannot pose as ours. */
export async function workerContext(reader: Reader, id: string): Promise<string> {
  const { head, body, assignee } = await taskFacts(reader, id)
  const sections = [
    body,
    await attempts(reader, id),
    await handoffs(reader, id),
    await roleHistory(reader, id, assignee),
    await discussion(reader, id),
  ]
  return [head, ...fitted(sections, limit - byteLength(head))].filter(Boolean).join('\n\n')
}

function fitted(sections: readonly Section[], room: number): string[] {
  let over = sections.reduce((sum, section) => sum + size(section), 0) - room
  const kept = new Map(sections.map((section) => [section.name, section]))
  for (const name of cutOrder) {
    const section = kept.get(name)
    if (over <= 0 || section === undefined) continue
    const shorter = shorten(section, over)
    over -= size(section) - size(shorter)
    kept.set(name, shorter)
  }
  return sections.map((section) => render(kept.get(section.name) ?? section))
}

/** Leaves out blocks from the least useful end until `over` bytes are saved. */
function shorten(section: Section, over: number): Section {
  const blocks = [...section.blocks]
  let saved = 0
  let dropped = 0
  while (blocks.length > 0 && saved < over + 80) {
    const block = section.oldestFirst ? blocks.shift() : blocks.pop()
    saved += byteLength(block ?? '') + 2
    dropped += 1
  }
  return { ...section, blocks, leftOut: (section.leftOut ?? 0) + dropped }
}

function size(section: Section): number {
  return byteLength(render(section)) + 2
}

function render(section: Section): string {
  const left = section.leftOut ? [`(${section.leftOut} ${section.leftOutNoun} left out here)`] : []
  const parts = section.oldestFirst ? [...left, ...section.blocks] : [...section.blocks, ...left]
  return parts.length === 0 ? '' : [section.heading, ...parts].join('\n\n')
}
