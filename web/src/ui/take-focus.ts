/**
 * A `ref` for what somebody has just asked for. It has the keyboard: a line all selected, for it is
 * mostly replaced; a text at its end, for it is mostly gone on with.
 */
export function takeFocus(element: HTMLInputElement | HTMLTextAreaElement | null): void {
  element?.focus()
  if (element instanceof HTMLInputElement) element.select()
  else element?.setSelectionRange(element.value.length, element.value.length)
}
