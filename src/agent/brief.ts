/** The brief of a run as it comes in: rules for the system prompt, and the order to work with all about the task. */

export interface ReadBrief {
  readonly guidance: string
  readonly order: string
}

/** Undefined for a text that is no brief of this task. The line that divides it holds the task's own id. */
export function readBrief(text: string, task: string): ReadBrief | undefined {
  const at = text.indexOf(`\n\nwork kanban task ${task}\n`)
  if (at < 0) return undefined
  return { guidance: text.slice(0, at).trim(), order: text.slice(at).trim() }
}
