/** What stands behind `/kanban` in a message that begins with it; undefined for any other. */
export function typedCommand(text: string): string | undefined {
  const [typed] = /^\s*\/kanban(?:\s+|$)/i.exec(text) ?? []
  return typed === undefined ? undefined : text.slice(typed.length)
}
