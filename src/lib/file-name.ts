/**
 * The name of a file or folder for an id. Those that we make are names already; a row that another program wrote,
 * or that was imported, may have any text for an id, and that must lead nowhere else.
 */
export function fileName(id: string): string {
  if (/^[\w-][\w.-]*$/.test(id)) return id
  return encodeURIComponent(id.toWellFormed()).replace(/^(\.|$)/, '%$1')
}
